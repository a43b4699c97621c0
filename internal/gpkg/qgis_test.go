package gpkg

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// readInQGIS loads each layer of a file the way QGIS does and prints its renderer,
// legend, labels and the Chinese name of a field.
const readInQGIS = `
import os, sys
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
for name in sys.argv[2:]:
    layer = QgsVectorLayer(sys.argv[1] + '|layername=' + name, name, 'ogr')
    message, found = layer.loadDefaultStyle()
    r = layer.renderer()
    legend = [c.value() is not None and str(c.value()) + '=' + c.label() for c in r.categories()] if r.type() == 'categorizedSymbol' else []
    colours = [s.color().name() for s in r.symbols(__import__('qgis.core', fromlist=['x']).QgsRenderContext())]
    print(name, layer.isValid(), found, r.type(), getattr(r, 'classAttribute', lambda: '')(), '|'.join(legend), '|'.join(colours),
          layer.labelsEnabled() and layer.labeling().settings().minimumScale > layer.labeling().settings().maximumScale, layer.attributeAlias(layer.fields().indexOf('id')), layer.featureCount(), sep='\t')
sys.stdout.flush()
os._exit(0)  # QGIS's own teardown without a window crashes
`

func TestQGISOpensTheLayersStyled(t *testing.T) {
	if exec.Command(systemPython, "-c", "import qgis.core").Run() != nil {
		t.Skip("QGIS's Python is not installed (Debian: python3-qgis)")
	}
	layers := []string{"parcels", "parcels_graded", "blocks_latest", "blocks", "towns", "ways", "links"}
	cmd := exec.Command(systemPython, append([]string{"-c", readInQGIS, wholeCity(t)}, layers...)...)
	cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "HOME="+t.TempDir())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("QGIS: %v\n%s", err, out)
	}
	got := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		got[f[0]] = f
	}
	for layer, want := range map[string]string{
		"parcels":        "A=A 类|B=B 类|C=C 类|D=D 类|=未认定",
		"parcels_graded": "A=A 类|B=B 类|C=C 类|D=D 类|=未认定",
		"blocks_latest":  "2027=2027 年|2028=2028 年|=其他",
	} {
		f := got[layer]
		if len(f) < 10 || f[1] != "True" || f[2] != "True" || f[3] != "categorizedSymbol" || f[5] != want || f[7] != "True" {
			t.Errorf("%s: got %q, want legend %q", layer, f, want)
		}
	}
	for _, layer := range layers {
		if f := got[layer]; len(f) < 10 || f[1] != "True" || f[2] != "True" {
			t.Errorf("%s does not open styled: %q", layer, f)
		}
	}
	if t.Failed() {
		t.Log(string(out))
	}
}
