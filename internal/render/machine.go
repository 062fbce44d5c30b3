package render

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dop251/goja"
)

//go:embed prelude.js
var prelude string

//go:embed freeze.js
var freeze string

const (
	// maxDepth is how many calls may be inside each other: a page of twenty levels of components takes about 200.
	maxDepth = 2_000
	// startLimit is how long the bundle may take to begin.
	startLimit = 5 * time.Second
)

// assembly is what each machine begins with, compiled once.
type assembly struct {
	programs []*goja.Program
}

func assemble(bundle []byte) (*assembly, error) {
	a := &assembly{}
	for _, part := range []struct{ name, source string }{{"prelude.js", prelude}, {"server.js", string(bundle)}, {"freeze.js", freeze}} {
		p, err := goja.Compile(part.name, part.source, false)
		if err != nil {
			return nil, fmt.Errorf("compiling %s: %w", part.name, err)
		}
		a.programs = append(a.programs, p)
	}
	return a, nil
}

// machine is one JavaScript engine with the bundle in it. One call at a time.
type machine struct {
	runtime   *goja.Runtime
	functions map[string]goja.Callable
}

func (a *assembly) start() (*machine, error) {
	m := &machine{runtime: goja.New(), functions: map[string]goja.Callable{}}
	m.runtime.SetMaxCallStackSize(maxDepth)
	err := m.within(startLimit, func() error {
		for _, p := range a.programs {
			if _, err := m.runtime.RunProgram(p); err != nil {
				return err
			}
		}
		plein := m.runtime.Get("plein").ToObject(m.runtime) // freeze.js fails without it
		for _, name := range []string{"plan", "render"} {
			f, ok := goja.AssertFunction(plein.Get(name))
			if !ok {
				return fmt.Errorf("plein.%s is not a function", name)
			}
			m.functions[name] = f
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// run calls a function with texts and wants a text of at most so many UTF-16 units.
func (m *machine) run(limit time.Duration, maxUnits int, function string, args []string) (text string, err error) {
	err = m.within(limit, func() error {
		values := make([]goja.Value, len(args))
		for i, a := range args {
			values[i] = m.runtime.ToValue(a)
		}
		v, err := m.functions[function](goja.Undefined(), values...)
		if err != nil {
			return err
		}
		out, ok := v.(goja.String)
		if !ok {
			return errors.New("it gave no text")
		}
		if out.Length() > maxUnits {
			return fmt.Errorf("it gave a text of %d characters; %d is the most", out.Length(), maxUnits)
		}
		text = out.String()
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("plein.%s: %w", function, err)
	}
	return text, nil
}

// within stops what runs after the limit and survives its panics. After an error the machine must not be used again.
func (m *machine) within(limit time.Duration, do func() error) (err error) {
	timer := time.AfterFunc(limit, func() { m.runtime.Interrupt(ErrLate) })
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the engine panicked: %v", cause)
		}
		// Also when it was done just in time: the interrupt may still be on its way.
		if !timer.Stop() {
			err = ErrLate
		}
	}()
	return described(do())
}

// described keeps what a script said out of the error, for it could repeat what a visitor typed; what the engine itself
// found wrong, and where, stays.
func described(err error) error {
	var thrown *goja.Exception
	if !errors.As(err, &thrown) {
		return err
	}
	var b strings.Builder
	b.WriteString("the script threw")
	if o, ok := thrown.Value().(*goja.Object); ok {
		name := o.Get("name")
		if name != nil {
			fmt.Fprintf(&b, " %.50s", name.String())
		}
		if name != nil && (name.String() == "TypeError" || name.String() == "ReferenceError") {
			fmt.Fprintf(&b, " (%.200s)", o.Get("message").String())
		}
	}
	for i, frame := range thrown.Stack() {
		if i == 5 {
			break
		}
		fmt.Fprintf(&b, " at %s %s", frame.FuncName(), frame.Position())
	}
	return errors.New(b.String())
}
