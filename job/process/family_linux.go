package process

import (
	"bytes"
	"os"
	"strconv"
	"strings"
)

// family returns the processes of this user that carry a mark in their environment, or a mark that begins so if it ends in a
// slash, and those of a process group, if it is not 0. This process is none of them; nor are those that have ended already.
func family(mark string, group int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	needle := []byte("\x00" + mark)
	if !strings.HasSuffix(mark, "/") {
		needle = append(needle, 0)
	}
	var found []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		in, alive := state(pid)
		if !alive {
			continue
		}
		environment, _ := os.ReadFile("/proc/" + entry.Name() + "/environ") // another user's cannot be read
		if group != 0 && in == group || bytes.Contains(append([]byte{0}, environment...), needle) {
			found = append(found, pid)
		}
	}
	return found
}

// state returns the process group of a process, and whether it still runs.
func state(pid int) (group int, alive bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, false
	}
	// The name, in parentheses, may hold anything.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 3 || fields[0] == "Z" || fields[0] == "X" {
		return 0, false
	}
	group, _ = strconv.Atoi(fields[2])
	return group, true
}

// memory is the resident memory of some processes in bytes.
func memory(pids []int) (total int64) {
	for _, pid := range pids {
		text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
		if fields := strings.Fields(string(text)); err == nil && len(fields) > 1 {
			pages, _ := strconv.ParseInt(fields[1], 10, 64)
			total += pages * int64(os.Getpagesize())
		}
	}
	return total
}
