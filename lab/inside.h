/* The inside half of the lab: builds the network, runs the scenario, then serves those who want to look around. */
#ifndef LAB_INSIDE_H
#define LAB_INSIDE_H

/*
 * Takes its job from the channel and reports on it. The caller is PID 1 of a PID namespace or of user-mode Linux, in
 * mount and network namespaces of its own. Returns the exit status; whatever still runs dies with the caller.
 */
int lab_inside_run(int channel);

#endif
