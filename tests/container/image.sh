# Sourced by tests/container/run and tests/container/systemd: podman with a store of its own, and what the image is made of.
image=localhost/ravelin:test
base=docker.io/library/debian:bookworm-slim

# Nothing of the machine's own podman is read or changed.
pod() {
	CONTAINERS_CONF=$dir/containers.conf podman --root "$dir/store" --runroot "$dir/run" --tmpdir "$dir/tmp" "$@"
}

conf_make() {
	cat >"$1/containers.conf" <<-X
		[containers]
		default_ulimits = ["nofile=1024:20000", "nproc=4096:4096"]
		log_driver = "k8s-file"
		[engine]
		runtime = "runc"
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		pull_policy = "never"
	X
}

# What a registry would give: Debian, under the name that the Containerfile says.
base_make() { # DIR
	conf_make "$1"
	{
		pod image exists $base && return 0
		mmdebstrap --quiet --variant=minbase bookworm "$1/base.tar" &&
			pod import --quiet --change 'CMD ["/bin/bash"]' "$1/base.tar" $base
	} >"$1/base.log" 2>&1
	local rc=$?
	rm -f "$1/base.tar"
	return $rc
}

can_run() { # DIR
	timeout 60 podman --version >"$1/try.log" 2>&1 && (unshare -mnpf --mount-proc --kill-child --propagation private \
		bash -c '. "$0/image.sh"; dir=$1; mount -t tmpfs tmp /run && mkdir -p /run/lock && pod run --rm --network none $base true' "$here" "$1") >"$1/try.log" 2>&1
}

# The packages of this source, built again only if a file of it has changed.
packages_make() { # SRC BUILD DIR
	local files key
	make -s -C "$2" Makefile >/dev/null 2>&1 # what it says when it is made anew are no files
	files=$(make -s -C "$2" distfiles | sed 's,^\(\.\./\)*,,' | sort -u)
	key=$(cd "$1" && tar c --sort=name --mtime=@0 --owner=0 --group=0 $files 2>/dev/null | sha256sum)
	[ "$(cat "$3/context/key" 2>/dev/null)" = "$key" ] && return 0
	rm -rf "$3/source" "$3/context"
	mkdir -p "$3/source/ravelin" "$3/context/packages" || return 1
	(
		cd "$1" && tar c $files | tar x -C "$3/source/ravelin" &&
			cd "$3/source/ravelin" && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -Pnocheck -us -uc -b &&
			mv ../ravelin_*.deb ../ravelin-lab_*.deb "$3/context/packages"
	) >"$3/packages.log" 2>&1 || return 1
	rm -rf "$3/source"
	echo "$key" >"$3/context/key"
}

# The Containerfile with its first stage done outside: the packages stand there.
image_make() { # SRC DIR
	mkdir -p "$2/context/contrib/container"
	cp -p "$1/contrib/container/start" "$2/context/contrib/container/"
	awk '/^FROM/ { n++ } n == 1 && /^FROM/ { print "FROM scratch AS packages\nCOPY packages /packages\n" } n != 1' \
		"$1/Containerfile" >"$2/context/Containerfile"
	pod build --quiet --network host --isolation chroot --format docker -t $image -f "$2/context/Containerfile" "$2/context" >"$2/image.log" 2>&1
}
