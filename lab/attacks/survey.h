/*
 * What the report shows of the network before it is attacked: one legitimate packet hop by hop with its label stack, and who
 * reaches whom. Both from frames that were sent and seen, not from tables.
 */
#ifndef LAB_ATTACKS_SURVEY_H
#define LAB_ATTACKS_SURVEY_H

#include "lab/attacks/stage.h"

/*
 * Tells {"ev":"walk"} for each port that the packet passed and {"ev":"reach"} for each pair of sites. True: every pair
 * that must reach each other does, and no other.
 */
bool attack_survey(struct attack_stage *st);

#endif
