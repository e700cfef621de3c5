package sqlite

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

var (
	_ engine.Store    = (*Store)(nil)
	_ service.Records = (*Store)(nil)
)

// ownedFolder names a folder in the environment of a child process that takes it and waits to be killed.
const ownedFolder = "SQLITE_TEST_OWNED"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownedFolder); dir != "" {
		_, err := Open(dir)
		fmt.Println("open:", err)
		// The parent ends this by killing the process, or by ending itself.
		_, _ = os.Stdin.Read(make([]byte, 1))
		return
	}
	os.Exit(m.Run())
}

func refuses(t *testing.T, err error, kind fault.Kind, texts ...string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Fatalf("error is %v (%v), not %v", err, fault.KindOf(err), kind)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q does not tell %q", err, text)
		}
	}
}

func TestFolderOfAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	owner := exec.Command(os.Args[0])
	owner.Env = append(os.Environ(), ownedFolder+"="+dir)
	input, err1 := owner.StdinPipe()
	output, err2 := owner.StdoutPipe()
	if err := errors.Join(err1, err2, owner.Start()); err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || line != "open: <nil>\n" {
		t.Fatalf("the owner said %q, %v", line, err)
	}
	_, err := Open(dir)
	refuses(t, err, fault.Conflict, dir, fmt.Sprintf("in use by process %d", owner.Process.Pid))

	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait() // tells that it was killed
	openFolder(t, dir)
}

func TestFolderOfThisProcess(t *testing.T) {
	dir := t.TempDir()
	s := openFolder(t, dir)
	_, err := Open(dir)
	refuses(t, err, fault.Conflict, fmt.Sprintf("in use by process %d", os.Getpid()))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	refuses(t, s.Put(t.Context(), "k", "id", nil), fault.Unavailable, "closed")
	if _, _, err := s.Get(t.Context(), "k", "id"); err == nil {
		t.Error("a closed store answers")
	}
	openFolder(t, dir)
}

// Secrets stand in the folder, so that nobody but its owner may enter it.
func TestFolderIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder's mode is %v, %v", info.Mode(), err)
	}
}

func TestFoldersThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(filepath.Join(file, "data"))
	refuses(t, err, fault.Unavailable, "make data folder "+file)

	taken := t.TempDir()
	if err := os.Mkdir(filepath.Join(taken, fileName), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = Open(taken)
	refuses(t, err, fault.Unavailable, "open "+filepath.Join(taken, fileName))
}

func TestDatabaseOfAnotherKind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database. ", 300)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir)
	refuses(t, err, fault.Invalid, "open "+path, "not a database")
	if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), "not a database.") {
		t.Errorf("the file was touched: %v", err)
	}
}

func TestDamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	s := openFolder(t, dir)
	commit(t, s, begin("x"))
	var roots []int
	err := query(s.writer, "SELECT rootpage FROM sqlite_schema WHERE rootpage > 0", nil, func(stmt *sqlite.Stmt) error {
		roots = append(roots, stmt.ColumnInt(0))
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fileName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range roots { // all tables but the schema
		for i := (page - 1) * 4096; i < page*4096; i++ {
			text[i] = 0xff
		}
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s = openFolder(t, dir)
	_, err = s.Execution(t.Context(), "arn:x")
	refuses(t, err, fault.Invalid, "read "+path, "malformed")
	refuses(t, s.Commit(t.Context(), []engine.Write{begin("y")}), fault.Invalid, "write "+path, "malformed")
}

func TestDatabaseOfALaterVersion(t *testing.T) {
	dir := t.TempDir()
	s := openFolder(t, dir)
	pragma(t, s, "PRAGMA user_version = 99")
	s.Close()
	_, err := Open(dir)
	refuses(t, err, fault.Invalid, "later version of Stepwell")
}

// pragma changes a setting of the connection that writes.
func pragma(t *testing.T, s *Store, text string) {
	t.Helper()
	if err := sqlitex.ExecuteTransient(s.writer, text, nil); err != nil {
		t.Fatal(err)
	}
}

func TestDiskThatRefuses(t *testing.T) {
	for _, c := range []struct{ name, refuse, allow, text string }{
		{"full", "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "full"},
		{"read-only", "PRAGMA query_only = ON", "PRAGMA query_only = OFF", "readonly"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openFolder(t, t.TempDir())
			commit(t, s, begin("x"))
			pragma(t, s, c.refuse)
			big := begin("y")
			big.Definition = strings.Repeat("long ", 10_000)
			big.Record.DefinitionHash = "h2"
			refuses(t, s.Commit(t.Context(), []engine.Write{big}), fault.Unavailable, "write "+s.path, c.text)
			refuses(t, s.Put(t.Context(), "k", "id", make([]byte, 100_000)), fault.Unavailable, "write "+s.path, c.text)

			pragma(t, s, c.allow)
			commit(t, s, big)
			if got := pages(t, s, engine.Filter{}, 0); got != "y x" {
				t.Errorf("executions are %s", got)
			}
		})
	}
}

func TestRepeatedPayloadsAreStoredOnce(t *testing.T) {
	s := openFolder(t, t.TempDir())
	write := begin("x")
	payload := randomText(200_000)
	write.Chunk.History = bytes.Repeat(payload, 4)
	commit(t, s, write)
	size, err := sqlitex.ResultInt(s.writer.Prep("SELECT length(history) FROM chunk"))
	if err != nil || size > len(payload)*11/10 {
		t.Errorf("four times %d bytes take %d, %v", len(payload), size, err)
	}
}

func TestEverythingSurvivesClosing(t *testing.T) {
	dir := t.TempDir()
	s := openFolder(t, dir)
	commit(t, s, begin("x"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openFolder(t, dir)
	if got := pages(t, s, engine.Filter{}, 0); got != "x" {
		t.Errorf("executions are %s", got)
	}
	full, err1 := sqlitex.ResultInt(s.writer.Prep("PRAGMA synchronous"))
	mode, err2 := sqlitex.ResultText(s.writer.Prep("PRAGMA journal_mode"))
	if err := errors.Join(err1, err2); err != nil || full != 2 || mode != "wal" {
		t.Errorf("synchronous is %d, journal mode %s, %v", full, mode, err)
	}
}

// A folder that a process owns can be read by another, and only read.
func TestReadBesideOwner(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); fault.KindOf(err) != fault.NotFound {
		t.Errorf("reading where nothing is: %v", err)
	}
	owner, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	if err := owner.Put(t.Context(), "k", "a", []byte("1")); err != nil {
		t.Fatal(err)
	}
	reader, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if body, ok, err := reader.Get(t.Context(), "k", "a"); err != nil || !ok || string(body) != "1" {
		t.Errorf("read %q, %v, %v", body, ok, err)
	}
	if err := reader.Put(t.Context(), "k", "b", nil); fault.KindOf(err) != fault.Conflict {
		t.Errorf("writing beside the owner: %v", err)
	}
}
