package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const machines = "arn:aws:states:us-east-1:123456789012:stateMachine:"

// writeProject makes a folder with the state machines of the scenarios and a bucket.
func writeProject(folder string) error {
	var ten strings.Builder
	ten.WriteString(`{"StartAt": "S1", "States": {`)
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&ten, `"S%d": {"Type": "Pass", "Next": "S%d"}, `, i, i+1)
	}
	ten.WriteString(`"S10": {"Type": "Pass", "End": true}}}`)
	files := map[string]string{
		"one.asl.json": `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`,
		"ten.asl.json": ten.String(),
		// It goes round until its history is full.
		"long.asl.json": `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"day": "2024-01-02", "rows": 12345}, "Next": "B"},
			"B": {"Type": "Choice", "Choices": [{"Variable": "$.day", "StringEquals": "never", "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}}}`,
		"stepwell.yaml": "buckets:\n  bench: objects\n",
	}
	for name, text := range files {
		name = filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			return err
		}
	}
	return os.MkdirAll(filepath.Join(folder, "objects"), 0o755)
}

// server is a process of stepwell up.
type server struct {
	process  *exec.Cmd
	folder   string
	address  string // host:port of HTTP
	postgres string
	client   *http.Client
}

// start returns once the server has answered a request.
func start(binary, folder string) (*server, error) {
	s := &server{folder: folder, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	var err error
	if s.address, err = freePort(); err == nil {
		s.postgres, err = freePort()
	}
	if err != nil {
		return nil, err
	}
	s.process = exec.Command(binary, "up", folder, "--address", s.address, "--postgres-address", s.postgres)
	var told strings.Builder
	s.process.Stderr = &told
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if _, err := s.call("ListStateMachines", `{}`, nil); err == nil {
			return s, nil
		}
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	return nil, fmt.Errorf("the server does not answer: %s", told.String())
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (s *server) stop() error {
	if err := s.process.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.process.Wait()
}

// call carries out an operation of Step Functions and reads its answer. It returns the size of the answer in bytes.
func (s *server) call(operation, body string, into any) (int64, error) {
	return s.ask("AWSStepFunctions."+operation, body, into)
}

// ask carries out the operation of any service with an awsJson protocol.
func (s *server) ask(target, body string, into any) (int64, error) {
	r, err := http.NewRequest(http.MethodPost, "http://"+s.address+"/", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("X-Amz-Target", target)
	response, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	counted := &counter{from: response.Body}
	if into == nil {
		into = &struct{}{}
	}
	err = json.NewDecoder(counted).Decode(into)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", target, response.Status)
	}
	return counted.bytes, err
}

// resident is the server's memory in kilobytes.
func (s *server) resident() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	return strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
}
