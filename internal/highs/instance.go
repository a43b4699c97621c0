package highs

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// instance is one HiGHS object inside one WebAssembly module.
type instance struct {
	ctx   context.Context
	mod   api.Module
	mem   api.Memory
	highs uint64 // the Highs*
}

func newInstance(ctx context.Context, cacheDir string) (*instance, error) {
	code, err := wasm()
	if err != nil {
		return nil, err
	}
	config := wazero.NewRuntimeConfig()
	if cacheDir != "" {
		if cache, err := wazero.NewCompilationCacheWithDir(cacheDir); err == nil {
			config = config.WithCompilationCache(cache)
		} // without a cache it works, two seconds later
	}
	r := wazero.NewRuntimeWithConfig(ctx, config)
	compiled, err := r.CompileModule(ctx, code)
	if err != nil {
		return nil, fmt.Errorf("compile highs.wasm: %w", err)
	}
	if err := provideImports(ctx, r, compiled); err != nil {
		return nil, err
	}
	mod, err := r.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithStartFunctions())
	if err != nil {
		return nil, fmt.Errorf("start highs.wasm: %w", err)
	}
	in := &instance{ctx: ctx, mod: mod, mem: mod.ExportedMemory(memory)}
	in.call(fnCtors)
	in.highs = in.call(fnCreate)
	in.option("output_flag", false)
	in.option("threads", 1)
	return in, nil
}

// failure carries a trap of the module up to the recover of the request.
type failure struct{ err error }

// call calls an exported function; a trap panics with failure, since after it the
// module is lost and no caller could go on.
func (in *instance) call(name string, args ...uint64) uint64 {
	out, err := in.mod.ExportedFunction(name).Call(in.ctx, args...)
	if err != nil {
		panic(failure{fmt.Errorf("HiGHS: %w", err)})
	}
	if len(out) == 0 {
		return 0
	}
	return out[0]
}

// must calls a function that returns a HighsStatus, which is negative on error.
func (in *instance) must(name string, args ...uint64) {
	if st := int32(in.call(name, append([]uint64{in.highs}, args...)...)); st < 0 {
		panic(failure{fmt.Errorf("HiGHS refused the call %s", name)})
	}
}

func (in *instance) bytes(b []byte) uint64 {
	p := in.call(fnMalloc, uint64(max(len(b), 8)))
	if p == 0 || !in.mem.Write(uint32(p), b) {
		panic(failure{errors.New("HiGHS is out of memory")})
	}
	return p
}

func (in *instance) doubles(v []float64) uint64 {
	b := make([]byte, 8*len(v))
	for i, x := range v {
		binary.LittleEndian.PutUint64(b[8*i:], math.Float64bits(x))
	}
	return in.bytes(b)
}

func (in *instance) ints(v []int32) uint64 {
	b := make([]byte, 4*len(v))
	for i, x := range v {
		binary.LittleEndian.PutUint32(b[4*i:], uint32(x))
	}
	return in.bytes(b)
}

func (in *instance) text(s string) uint64 { return in.bytes(append([]byte(s), 0)) }

func (in *instance) free(pointers ...uint64) {
	for _, p := range pointers {
		in.call(fnFree, p)
	}
}

func (in *instance) readDoubles(p uint64, n int) []float64 {
	b, ok := in.mem.Read(uint32(p), uint32(8*n))
	if !ok {
		panic(failure{errors.New("HiGHS answered outside its memory")})
	}
	v := make([]float64, n)
	for i := range v {
		v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return v
}

// option sets an option of HiGHS by name.
func (in *instance) option(name string, value any) {
	p := in.text(name)
	defer in.free(p)
	switch v := value.(type) {
	case bool:
		bit := uint64(0)
		if v {
			bit = 1
		}
		in.must(fnOptBool, p, bit)
	case int:
		in.must(fnOptInt, p, uint64(uint32(v)))
	case float64:
		in.must(fnOptDbl, p, api.EncodeF64(v))
	case string:
		s := in.text(v)
		in.must(fnOptStr, p, s)
		in.free(s)
	}
}

func (in *instance) info(fn, name string) (raw uint64) {
	p, out := in.text(name), in.bytes(make([]byte, 8))
	in.must(fn, p, out)
	raw, _ = in.mem.ReadUint64Le(uint32(out))
	in.free(p, out)
	return raw
}

func (in *instance) infoDouble(name string) float64 {
	return math.Float64frombits(in.info(fnInfoDbl, name))
}
func (in *instance) infoInt(name string) int32   { return int32(in.info(fnInfoInt, name)) }
func (in *instance) infoInt64(name string) int64 { return int64(in.info(fnInfoI64, name)) }

// provideImports gives the module the twenty functions it asks of its host, with
// the types it declares: a clock, memory growth and an output that goes nowhere.
// There is no file system, so the calls for one answer with an error number.
func provideImports(ctx context.Context, r wazero.Runtime, compiled wazero.CompiledModule) error {
	b := r.NewHostModuleBuilder("a")
	for _, def := range compiled.ImportedFunctions() {
		_, name, _ := def.Import()
		b.NewFunctionBuilder().
			WithGoModuleFunction(hostFunction(name), def.ParamTypes(), def.ResultTypes()).
			Export(name)
	}
	_, err := b.Instantiate(ctx)
	return err
}

const noEntry = -44 // ENOENT as emscripten numbers it

func hostFunction(name string) api.GoModuleFunc {
	switch name {
	case "a", "k", "b", "r": // __cxa_throw, abort, exit, proc_exit
		return func(context.Context, api.Module, []uint64) { panic(errors.New("HiGHS stopped itself")) }
	case "e", "h", "i": // fcntl, ioctl, openat
		return func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = api.EncodeI32(noEntry) }
	case "p": // clock_time_get(clock, precision, out)
		return func(_ context.Context, m api.Module, stack []uint64) {
			m.ExportedMemory(memory).WriteUint64Le(uint32(stack[2]), uint64(time.Now().UnixNano()))
			stack[0] = 0
		}
	case "j", "c": // date_now, get_now in milliseconds
		return func(_ context.Context, _ api.Module, stack []uint64) {
			stack[0] = api.EncodeF64(float64(time.Now().UnixNano()) / 1e6)
		}
	case "q":
		return resizeHeap
	case "o": // environ_sizes_get
		return func(_ context.Context, m api.Module, stack []uint64) {
			m.ExportedMemory(memory).WriteUint32Le(uint32(stack[0]), 0)
			m.ExportedMemory(memory).WriteUint32Le(uint32(stack[1]), 0)
			stack[0] = 0
		}
	case "f":
		return discardOutput
	case "s", "m": // runtime_keepalive_clear, tzset: nothing to do, no result
		return func(context.Context, api.Module, []uint64) {}
	}
	return func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = 0 } // environ_get, setitimer, fd_close, fd_read, fd_seek
}

// resizeHeap grows the memory to at least the asked size, a fifth more while that
// is cheap, as emscripten's own does.
func resizeHeap(_ context.Context, m api.Module, stack []uint64) {
	const page, most = 65536, 1 << 31
	mem := m.ExportedMemory(memory)
	want, have := uint64(uint32(stack[0])), uint64(mem.Size())
	stack[0] = 0
	if want > most {
		return
	}
	roomy := min(max(want, have+have/5), want+100<<20, most)
	for _, size := range []uint64{roomy, want} {
		if _, ok := mem.Grow(uint32((size - have + page - 1) / page)); ok {
			stack[0] = 1
			return
		}
	}
}

// discardOutput is fd_write(fd, iovs, n, written): it counts the bytes and drops them.
func discardOutput(_ context.Context, m api.Module, stack []uint64) {
	mem, total := m.ExportedMemory(memory), uint32(0)
	for i := range uint32(stack[2]) {
		n, _ := mem.ReadUint32Le(uint32(stack[1]) + 8*i + 4)
		total += n
	}
	mem.WriteUint32Le(uint32(stack[3]), total)
	stack[0] = 0
}
