package gpkg

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// remoteMagic are file systems of other machines by statfs(2)'s f_type
// (linux/magic.h): their locks and shared memory are not to be trusted with a
// database (sqlite.org/useovernet.html).
var remoteMagic = map[uint32]string{
	0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB2",
	0x01021997: "9P", 0x5346414f: "AFS", 0x00c36400: "Ceph", 0x73757245: "Coda", 0x564c: "NCP",
}

const fuseMagic = 0x65735546

// localFUSE are user-space file systems over a disk of this machine.
var localFUSE = []string{"fuseblk", "fuse.ntfs", "fuse.exfat", "fuse.fuse-overlayfs", "fuse.mergerfs", "fuse.bindfs"}

// networkKind names the kind of network file system path lies on, "" for a local one
// or when it cannot be told.
func networkKind(path string) string {
	var st unix.Statfs_t
	if err := unix.Statfs(filepath.Dir(path), &st); err != nil {
		return ""
	}
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	return classify(uint32(st.Type), filepath.Dir(path), string(mounts))
}

// classify is networkKind from what the system says.
func classify(magic uint32, dir, mounts string) string {
	if kind, ok := remoteMagic[magic]; ok {
		return kind
	}
	if magic != fuseMagic {
		return ""
	}
	kind := mountKind(dir, mounts)
	for _, local := range localFUSE {
		if strings.HasPrefix(kind, local) {
			return ""
		}
	}
	if kind == "" {
		return "FUSE"
	}
	return kind
}

// mountKind finds the type of the innermost mount that holds dir, from the text of
// /proc/self/mountinfo (proc(5)): field 5 is the mount point, the field after " - "
// the type.
func mountKind(dir, mounts string) string {
	best, kind := -1, ""
	for line := range strings.Lines(mounts) {
		left, right, ok := strings.Cut(line, " - ")
		f, g := strings.Fields(left), strings.Fields(right)
		if !ok || len(f) < 5 || len(g) < 1 {
			continue
		}
		point := strings.ReplaceAll(f[4], `\040`, " ")
		inside := point == "/" || dir == point || strings.HasPrefix(dir, point+"/")
		if inside && len(point) >= best {
			best, kind = len(point), g[0]
		}
	}
	return kind
}
