// Command noshell is the only file of a test image that has no shell: it lists what stands in /input into
// /output/report.txt and prints how it was called.
package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	log.SetFlags(0)
	if err := json.NewEncoder(os.Stdout).Encode(call()); err != nil {
		log.Fatal(err)
	}
	report, err := list("/input")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("/output/report.txt", []byte(report), 0o644); err != nil {
		log.Fatal(err)
	}
}

// call tells how the program was called; the environment is sorted, so that two runs can be compared.
func call() map[string]any {
	environment := os.Environ()
	sort.Strings(environment)
	return map[string]any{"args": os.Args[1:], "env": environment, "uid": os.Getuid(), "gid": os.Getgid()}
}

// list has one line for each file: size in bytes, a blank, path. A folder that does not exist has no files.
func list(folder string) (string, error) {
	var lines strings.Builder
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) && path == folder {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			fmt.Fprintf(&lines, "%d %s\n", info.Size(), strings.TrimPrefix(path, folder+"/"))
		}
		return err
	})
	return lines.String(), err
}
