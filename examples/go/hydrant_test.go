// hydrant for the tests of a package: TestMain starts one program on a free port, each test finds
// it empty, and the clock is in their hands.
package orders

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// The server of this package, from TestMain on.
var hydrant *Hydrant

func TestMain(m *testing.M) {
	server, err := start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "hydrant:", err)
		os.Exit(1)
	}
	hydrant = server
	code := m.Run()
	if err := hydrant.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "hydrant:", err)
		code = 1
	}
	os.Exit(code)
}

// Hydrant is a running server. What it delivers are files in its data folder.
type Hydrant struct {
	URL     string
	data    string
	command *exec.Cmd
}

// The program is $HYDRANT, or the one on PATH.
func start() (*Hydrant, error) {
	program := os.Getenv("HYDRANT")
	if program == "" {
		program = "hydrant"
	}
	data, err := os.MkdirTemp("", "hydrant-")
	if err != nil {
		return nil, err
	}
	command := exec.Command(program, "--config", "hydrant.json", "--data-dir", data, "--port", "0",
		"--clock", "virtual@2026-01-31T12:00:00Z", "--strict", "--log-level", "warn")
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	// The only line on stdout, written when requests are taken.
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("did not start: %w", command.Wait())
	}
	words := strings.Fields(line)
	return &Hydrant{URL: words[len(words)-1], data: data, command: command}, nil
}

func (h *Hydrant) stop() error {
	defer os.RemoveAll(h.data)
	if err := h.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return h.command.Wait()
}

// Config is that of a client. Without retries a test sees a refusal.
func (h *Hydrant) Config() aws.Config {
	return aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(h.URL),
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func (h *Hydrant) admin(t *testing.T, call string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(h.URL+"/_hydrant/"+call, "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", call, answer.Status)
	}
}

// Advance moves the clock. All that is due by then is delivered when it returns.
func (h *Hydrant) Advance(t *testing.T, seconds int) {
	t.Helper()
	h.admin(t, "clock/advance", map[string]int{"seconds": seconds})
}

// Flush delivers all that is buffered, now.
func (h *Hydrant) Flush(t *testing.T) {
	t.Helper()
	h.admin(t, "flush", nil)
}

// Reset forgets all records and objects. The clock keeps its time.
func (h *Hydrant) Reset(t *testing.T) {
	t.Helper()
	h.admin(t, "reset", nil)
}

// Delivered is what stands in all objects below bucket/prefix.
func (h *Hydrant) Delivered(t *testing.T, prefix string) string {
	t.Helper()
	var text strings.Builder
	folder := filepath.Join(h.data, "s3", prefix)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		text.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}
