package importer

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/layer"
)

// readGDAL converts a source that only GDAL reads to a GeoPackage and reads that, both
// within the budget. needs is the child's refusal, which names format and place.
func (im *importing) readGDAL(temp string, needs *plottage.Error) error {
	ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		return im.refuse("import_install_gdal", "format", needs.Args["format"])
	}
	from, _ := needs.Args["path"].(string)
	to := filepath.Join(temp, "converted.gpkg")
	b := im.budget()
	cmd := exec.Command(ogr, "-f", "GPKG", "-nlt", "PROMOTE_TO_MULTI", "-mapFieldType", "StringList=String,IntegerList=String,RealList=String",
		"-lco", "SPATIAL_INDEX=NO", "--config", "GDAL_HTTP_TIMEOUT", "1", "--config", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{none}", "--config", "OGR_ENABLE_PARTIAL_REPROJECTION", "NO", to, from)
	cmd.Env = append(os.Environ(), "GDAL_NUM_THREADS=1", "LIBXML_NO_NETWORK=1")
	u, err := child.Guard(im.ctx, cmd, b, drain, filepath.Base(im.path))
	im.report.Reading = addUsage(im.report.Reading, u)
	if err != nil {
		if plottage.CodeOf(err) == plottage.Limit {
			return err
		}
		return im.refuse("import_gdal_failed", "format", needs.Args["format"])
	}
	format, _ := needs.Args["format"].(string)
	im.issues.add(layer.Issue{Severity: layer.Noted, Key: "through_gdal", Args: map[string]any{"format": format}})
	if err := im.readChild(to, filepath.Join(temp, "b")); err != nil {
		return err
	}
	for _, t := range im.tables {
		t.Format = format
	}
	return nil
}

func drain(out *os.File) (int64, error) {
	_, err := io.Copy(io.Discard, out)
	return 0, err
}
