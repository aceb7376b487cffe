// Package fault is the one error type that crosses rooms: what was being done, to what, what kind of failure it was, and what a
// person can do about it. It decides nothing and performs no I/O; every room may import it, it imports none of them.
package fault

import (
	"errors"
	"time"
)

// Class says how a caller should go on after an error.
type Class string

const (
	Unknown   Class = ""          // not classified: treat as worth one more try later
	Retry     Class = "retry"     // passing; try again at Error.At, or later when At is zero
	Permanent Class = "permanent" // the same input fails again
	Auth      Class = "auth"      // credentials are missing, wrong or too weak
	NotFound  Class = "not found" // the target does not exist, or not for us
)

// Error is a failure with a class and a hint. Its text is "op target: err", without the hint; Text adds it.
type Error struct {
	Op     string    // a verb, such as "resolve" or "scan"
	Target string    // what it was done to; never holds a secret
	Class  Class     // how to go on
	At     time.Time // for Retry: not before; zero when unknown
	Hint   string    // what a person can do, without a final full stop; may be empty
	Err    error     // the cause; never nil
}

func (e *Error) Error() string {
	switch {
	case e.Target == "" && e.Op == "":
		return e.Err.Error()
	case e.Target == "":
		return e.Op + ": " + e.Err.Error()
	}
	return e.Op + " " + e.Target + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// ClassOf returns the class of the outermost classified error in err's chain, or Unknown.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return Unknown
}

// RetryAt returns when a failed call may be tried again; ok is false when err names no time.
func RetryAt(err error) (at time.Time, ok bool) {
	e, found := errors.AsType[*Error](err)
	if !found || e.Class != Retry || e.At.IsZero() {
		return time.Time{}, false
	}
	return e.At, true
}

// Hint returns the first hint in err's chain, or "".
func Hint(err error) string {
	for err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}

// Text is the one line that a person reads: the error, then its hint.
func Text(err error) string {
	if hint := Hint(err); hint != "" {
		return err.Error() + "; " + hint
	}
	return err.Error()
}
