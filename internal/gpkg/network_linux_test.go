package gpkg

import "testing"

const mounts = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home/li/share rw,nosuid shared:20 - fuse.sshfs li@host:/data rw
41 22 8:17 / /media/usb\040stick rw shared:21 - fuseblk /dev/sdb1 rw
42 22 0:36 / /run/user/1000/gvfs rw shared:22 - fuse.gvfsd-fuse gvfsd-fuse rw
43 22 0:37 / /srv rw - fuse.fuse-overlayfs fuse-overlayfs rw
`

func TestNetworkDrivesAreToldFromDisks(t *testing.T) {
	for _, c := range []struct {
		magic     uint32
		dir, want string
	}{
		{0xef53, "/home/li", ""},       // ext4
		{0x6969, "/mnt/nfs", "NFS"},    // NFS
		{0xff534d42, "/mnt/c", "CIFS"}, // a Windows share
		{0xfe534d42, "/mnt/c", "SMB2"},
		{0x01021997, "/mnt/c", "9P"}, // a Windows disk seen from its Linux
		{fuseMagic, "/home/li/share", "fuse.sshfs"},
		{fuseMagic, "/home/li/share/deep/er", "fuse.sshfs"},
		{fuseMagic, "/media/usb stick", ""}, // NTFS on a stick
		{fuseMagic, "/run/user/1000/gvfs/smb-share", "fuse.gvfsd-fuse"},
		{fuseMagic, "/srv/city", ""},      // a container's own disk
		{fuseMagic, "/elsewhere", "ext4"}, // cannot be: FUSE where no FUSE is mounted
	} {
		if got := classify(c.magic, c.dir, mounts); got != c.want && !(c.want == "ext4" && got != "") {
			t.Errorf("%#x %s: got %q, want %q", c.magic, c.dir, got, c.want)
		}
	}
	if got := classify(fuseMagic, "/x", ""); got != "FUSE" {
		t.Errorf("without mountinfo: %q", got)
	}
}
