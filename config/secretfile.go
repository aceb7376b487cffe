package config

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxSecret bounds what is read of a secret's file.
const maxSecret = 64 << 10

// secret fills in one Secret: from the environment, which goes before the file, or from KEY, or from the file that KEY_file names.
func (d *decoder) secret(given map[string]pair, at place, parent reflect.Value, f field) {
	if named, ok := parent.Interface().(interface{ envKey() string }); ok {
		at.env += "_" + envName(named.envKey())
	}
	literal, isLiteral := given[f.key]
	named, isNamed := given[f.key+"_file"]
	target := parent.Field(f.index)
	set := func(where Problem, value string, err error) {
		if err == nil && f.secret == privateKey {
			err = checkPrivateKey(value)
		}
		if err != nil {
			where.Message += err.Error()
			d.problems = append(d.problems, where)
			return
		}
		target.Set(reflect.ValueOf(NewSecret(value)))
	}
	variable := at.key(f.key).env
	switch {
	case isLiteral && isNamed:
		d.problem(named.key, fmt.Sprintf("give %s or %s_file, not both", f.key, f.key))
	case d.env != nil && d.env(variable) != "":
		set(Problem{File: variable, Message: "read " + f.secret + ": "}, strings.TrimSpace(d.env(variable)), nil)
	case isLiteral:
		d.literal(literal.value, at.key(f.key), f, set)
	case isNamed:
		d.named(named.value, at.key(f.key), f, set)
	}
}

type setSecret func(where Problem, value string, err error)

// literal takes a secret that stands in the configuration itself.
func (d *decoder) literal(node *yaml.Node, at place, f field, set setSecret) {
	switch {
	case node.ShortTag() == "!!null":
	case node.Kind != yaml.ScalarNode:
		d.problem(node, at.path+": expected "+f.secret)
	default:
		d.at[at.path] = position{node.Line, node.Column}
		set(d.where(node, "read "+f.secret+": "), strings.TrimSpace(node.Value), nil)
	}
}

// named takes a secret from the file that the configuration names.
func (d *decoder) named(node *yaml.Node, at place, f field, set setSecret) {
	switch {
	case node.ShortTag() == "!!null":
	case node.Kind != yaml.ScalarNode || node.Value == "":
		d.problem(node, at.path+"_file: expected the name of a file")
	default:
		d.at[at.path] = position{node.Line, node.Column}
		value, mode, err := readSecret(d.resolve(node.Value))
		set(d.where(node, "read "+f.secret+" "+node.Value+": "), value, err)
		if err == nil && mode.Perm()&0o004 != 0 && f.secret == privateKey {
			d.warnings = append(d.warnings, d.where(node, node.Value+" can be read by every user of this machine; chmod 600 it"))
		}
	}
}

func (d *decoder) where(node *yaml.Node, message string) Problem {
	return Problem{File: d.file, Line: node.Line, Column: node.Column, Message: message}
}

// readSecret reads a file, without the white space around its content.
func readSecret(path string) (value string, mode fs.FileMode, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, errors.Unwrap(err) // without the path, which the message has already
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", 0, err
	}
	if info.IsDir() {
		return "", 0, errors.New("it is a folder")
	}
	data, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	switch {
	case err != nil:
		return "", 0, err
	case len(data) > maxSecret:
		return "", 0, errors.New("it is longer than 64 KiB; is it the right file?")
	case strings.TrimSpace(string(data)) == "":
		return "", 0, errors.New("it is empty")
	}
	return strings.TrimSpace(string(data)), info.Mode(), nil
}

// privateKey marks the secret that is checked further; it is the name in GitHub.PrivateKey's tag.
const privateKey = "the App's private key"

// checkPrivateKey says what is wrong with an App's private key, and what to do.
func checkPrivateKey(value string) error {
	const advice = "; download the private key from the App's settings page"
	block, _ := pem.Decode([]byte(value))
	if block == nil {
		return errors.New("it is no PEM file" + advice)
	}
	switch {
	case strings.Contains(block.Type, "PUBLIC KEY"):
		return errors.New("it is a public key" + advice)
	case block.Type == "CERTIFICATE":
		return errors.New("it is a certificate" + advice)
	case block.Headers["DEK-Info"] != "" || block.Type == "ENCRYPTED PRIVATE KEY":
		return errors.New("it is encrypted; give it without a passphrase")
	}
	if _, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return nil
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		if _, ok := key.(*rsa.PrivateKey); ok {
			return nil
		}
		return errors.New("it is no RSA key" + advice)
	}
	return errors.New("it is damaged" + advice)
}
