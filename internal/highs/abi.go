package highs

// The C interface of HiGHS (highs_c_api.h) under the names the pinned build
// exports; extracted from assignWasmExports in the package's highs.js.
const (
	fnCtors   = "v"
	fnMalloc  = "uc"
	fnFree    = "tc"
	memory    = "u"
	fnCreate  = "F"
	fnPassLP  = "U"
	fnPassMIP = "V"
	fnRun     = "N"
	fnStatus  = "Ga"
	fnGetSol  = "Ea"
	fnSetSol  = "Va"
	fnInfoInt = "Aa"
	fnInfoI64 = "Ca"
	fnInfoDbl = "Ba"
	fnOptBool = "ia"
	fnOptInt  = "ja"
	fnOptDbl  = "ka"
	fnOptStr  = "la"
	fnColBnd  = "tb"
	fnRowBnd  = "xb"
	fnAddCols = "bb"
	fnAddRows = "fb"
	fnIntMask = "nb"
	fnZeroClk = "$a"
)

// Model statuses of HiGHS (HighsModelStatus).
const (
	statusOptimal             = 7
	statusInfeasible          = 8
	statusUnboundedInfeasible = 9
	statusUnbounded           = 10
)
