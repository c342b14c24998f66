package main

import (
	"errors"

	mail "mailmedic/checks/program"
	"mailmedic/checks/say"
)

// exit is what the process ends with. Scripts rely on the numbers: they are the same
// for every command and format, and never change their meaning. Those from 64 on are
// taken from the sysexits.h of BSD.
type exit int

const (
	exitOK       exit = 0   // mail works; at most notes. Help and version end so too
	exitWarning  exit = 1   // mail works, something needs attention
	exitProblem  exit = 2   // receiving or sending does not work, or the login is refused
	exitUnknown  exit = 3   // the run could not be finished
	exitUsage    exit = 64  // a flag, value or command that does not exist, or one that is missing
	exitData     exit = 65  // input that was read and does not make sense: an unknown code
	exitNoInput  exit = 66  // a file that was named is not there
	exitBug      exit = 70  // mailmedic itself failed
	exitOutput   exit = 73  // the report cannot be written
	exitPassword exit = 77  // the password source gives no password
	exitConfig   exit = 78  // a provider profile that does not follow the format
	exitStopped  exit = 130 // Ctrl-C; what was known is printed
)

// ends lists the exit codes for "mailmedic help exit-codes". The names are the
// same in every language.
func ends() []struct {
	code exit
	name string
	when say.Text
} {
	return []struct {
		code exit
		name string
		when say.Text
	}{
		{exitOK, "ok", "mail works; at most notes"},
		{exitWarning, "warning", "mail works, something needs attention"},
		{exitProblem, "problem", "receiving or sending does not work, or the login is refused"},
		{exitUnknown, "unknown", "the run could not be finished"},
		{exitUsage, "usage", "a flag, value or command that does not exist or is missing"},
		{exitData, "data", "an unknown code, or a file that cannot be understood"},
		{exitNoInput, "no input", "a file that was named is not there"},
		{exitBug, "bug", "mailmedic itself failed"},
		{exitOutput, "output", "the report cannot be written"},
		{exitPassword, "password", "the password source gives no password"},
		{exitConfig, "config", "a provider profile does not follow the format"},
		{exitStopped, "stopped", "Ctrl-C; what was known is printed"},
	}
}

// failure ends a run for a reason that is not a verdict about mail. Both sentences
// are for the person at the keyboard; neither may hold a secret.
type failure struct {
	code    exit
	message say.Text // what did not work
	hint    say.Text // what to do about it, may be empty
	typed   string   // what the message repeats of somebody: it is for their own screen
}

func (f *failure) Error() string { return f.message.String() }

// usage is a failure of the command line.
func usage(hint, message say.Text, values ...any) *failure {
	return fail(exitUsage, hint, message, values...)
}

// fail is any other failure.
func fail(code exit, hint, message say.Text, values ...any) *failure {
	return &failure{code: code, message: say.With(message, values...), hint: hint}
}

// flaw is an error whose words become a part of a failure.
type flaw struct{ why say.Text }

func (f flaw) Error() string { return f.why.String() }

func flawed(why say.Text, values ...any) error { return flaw{say.With(why, values...)} }

// wording gives the words of an error for a failure: a message where it is one, and else
// what it says of itself.
func wording(err error) say.Text {
	var f flaw
	if errors.As(err, &f) {
		return f.why
	}
	var r mail.Refusal
	if errors.As(err, &r) {
		return r.Why
	}
	return say.Verbatim(visible(err.Error()))
}
