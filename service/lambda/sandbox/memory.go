package sandbox

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// peakMemory is the most memory that a process has had, in bytes, as Linux counts it; 0 elsewhere.
func peakMemory(process int) int64 {
	f, err := os.Open("/proc/" + strconv.Itoa(process) + "/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
