package gpkg

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/workspace"
)

// gdal runs a GDAL program and returns what it printed; the test is skipped where it
// is not installed.
func gdal(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed (Debian: gdal-bin, python3-gdal)", name)
	}
	cmd := exec.Command(name, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out.String(), errs.String())
	}
	if s := errs.String(); s != "" {
		t.Errorf("%s %v warns: %s", name, args, s)
	}
	return out.String()
}

const systemPython = "/usr/bin/python3" // the one python3-gdal belongs to

func hasValidator(t *testing.T) {
	t.Helper()
	if exec.Command(systemPython, "-c", "import osgeo_utils.samples.validate_gpkg").Run() != nil {
		t.Skip("the GeoPackage validator of python3-gdal is not installed")
	}
}

// validate holds a file to GDAL's GeoPackage validator, warnings counting as errors.
func validate(t *testing.T, path, after string) {
	t.Helper()
	cmd := exec.Command(systemPython, "-m", "osgeo_utils.samples.validate_gpkg", "--extra", "--warning-as-error", path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("the validator refuses the file after %s: %v\n%s", after, err, out)
	}
}

func TestValidatorAcceptsTheFileAfterEveryKindOfChange(t *testing.T) {
	hasValidator(t)
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "city.gpkg")
	for _, step := range lifeOfACity(t) {
		s := openOrCreate(t, path)
		step.do(t, ctx, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		validate(t, path, step.name)
	}
}

func TestOgrinfoReadsEveryLayerWithoutAWarning(t *testing.T) {
	path := wholeCity(t)
	out := gdal(t, "ogrinfo", "-al", "-so", path)
	for _, layer := range []string{"parcels", "towns", "ways", "blocks", "links", "parcels_graded", "blocks_latest", "firms", "plans"} {
		if !strings.Contains(out, "Layer name: "+layer+"\n") {
			t.Errorf("ogrinfo does not list %s", layer)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

func openOrCreate(t *testing.T, path string) workspace.Store {
	t.Helper()
	if _, err := os.Stat(path); err == nil {
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return createCity(t, path)
}
