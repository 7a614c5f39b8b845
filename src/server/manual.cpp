#include "server/manual.h"

#include "hydrant/version.h"
#include "server/options.h"
#include "server/setting.h"

namespace hydrant::server {
namespace {

// A hyphen would else be typeset as one, and not be found by who searches for a flag.
std::string escaped(std::string_view text) {
  std::string roff;
  for (const char c : text) {
    if (c == '-') {
      roff += "\\-";
    } else if (c == '\\') {
      roff += "\\e";
    } else {
      roff.push_back(c);
    }
  }
  return roff.starts_with('.') || roff.starts_with('\'') ? "\\&" + roff : roff;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string value_of(const Setting& setting) {
  using Type = Setting::Type;
  switch (setting.type) {
    case Type::boolean:
      return "[" + bold("true") + "|" + bold("false") + "]";
    case Type::file:
      return italic("FILE");
    case Type::folder:
      return italic("FOLDER");
    case Type::integer:
    case Type::number:
      return italic("N");
    case Type::text:
    case Type::credentials:
      break;
  }
  return italic("VALUE");
}

void add_setting(std::string& page, const Setting& setting) {
  page += ".TP\n" + bold(setting.flag) + " " + value_of(setting) + "\n";
  page += escaped(setting.about) + "\nExpects " + escaped(setting.expected) + ".\n";
  if (!setting.fallback.empty()) page += "The default is " + bold(setting.fallback) + ".\n";
  page += "Variable: " + bold(setting.variable()) + ".\n";
  if (!setting.key.empty()) page += "Key of the file: " + bold(setting.key) + ".\n";
}

constexpr std::string_view kDescription = R"(.SH DESCRIPTION
.B hydrant
serves the APIs of Amazon Kinesis Data Streams and Amazon Data Firehose on one port, for
development and tests.
Any AWS SDK works with it when its endpoint is set to the address that hydrant prints.
What Firehose delivers are plain files below the data folder.
.PP
When the port is bound, one line is printed to standard output:
.PP
.EX
hydrant )";

constexpr std::string_view kDescriptionEnd = R"( listening on http://127.0.0.1:4566
.EE
.PP
The log goes to standard error.
.SH OPTIONS
A value follows its flag as the next word or behind an equals sign.
A flag that takes
.B true
or
.B false
is true when it stands alone.
)";

constexpr std::string_view kSettings = R"(.SS Settings
Each is a flag, an environment variable and, but for the first, a key of the configuration file.
Flags win over the environment, and the environment wins over the file.
)";

constexpr std::string_view kEnd = R"(.SH ENVIRONMENT
Each setting has the variable that is named above with it.
An empty variable counts as not set.
.TP
.B PATH
Where
.B python3
and
.B node
are looked for, which run the functions of the configuration that are written for them.
.SH FILES
.TP
.I FOLDER/s3/BUCKET/KEY
An object that was delivered, below the data folder.
.TP
.I FOLDER/s3/.hydrant/BUCKET/KEY.json
What the file of an object cannot say: content type, encoding, tag.
.TP
.I FOLDER/logs/GROUP/STREAM
The error log of a delivery stream.
.TP
.I FOLDER/tls/
The certificate that was made when none was given, and
.IR ca.pem ,
the authority that clients are to trust.
.TP
.I /etc/hydrant/hydrant.json
The configuration of the systemd service
.BR hydrant.service ,
where a package has installed it.
.SH EXIT STATUS
.TP
.B 0
Stopped as asked.
.TP
.B 1
Could not run (the port is in use, a folder is not writable), or something stayed undelivered at
the end.
.TP
.B 2
Bad configuration: one sentence on standard error names what is wrong and what was expected.
.SH SIGNALS
.TP
.BR SIGTERM ", " SIGINT ", " SIGHUP
Stop accepting, finish the requests under way, deliver what is buffered (unless
.B \-\-flush\-on\-exit false
was given), and end.
A second SIGTERM or SIGINT ends at once.
SIGHUP does nothing when it was ignored before the start.
.SH EXAMPLES
Serve on another port, with the resources of a file:
.PP
.EX
hydrant \-\-port 4567 \-\-config hydrant.json
.EE
.PP
For tests, on a free port, with a clock that stands still until it is advanced:
.PP
.EX
hydrant \-\-port 0 \-\-clock virtual \-\-seed 1
curl \-X POST http://127.0.0.1:PORT/_hydrant/clock/advance \-d '{"seconds": 300}'
.EE
.PP
Ask whether a server runs, and whether a configuration is good:
.PP
.EX
hydrant \-\-health
hydrant \-\-check \-\-config hydrant.json
.EE
.SH SEE ALSO
.BR aws (1),
.BR systemctl (1)
)";

}  // namespace

std::string manual_page(std::string_view date) {
  std::string page = ".TH HYDRANT 1 \"" + std::string(date) + "\" \"hydrant " + kVersion +
                     "\" \"User Commands\"\n"
                     ".SH NAME\nhydrant \\- local server with the APIs of Amazon Kinesis Data "
                     "Streams and Amazon Data Firehose\n"
                     ".SH SYNOPSIS\n.B hydrant\n.RI [ \"flag value\" ]...\n";
  for (const Command& command : commands())
    page += ".br\n.B hydrant " + escaped(command.flag) + "\n";
  page.append(kDescription).append(kVersion).append(kDescriptionEnd);
  for (const Command& command : commands())
    page += ".TP\n" + bold(command.flag) + "\n" + escaped(command.about) + "\n";
  page += kSettings;
  for (const Setting& setting : settings()) add_setting(page, setting);
  page += kEnd;
  return page;
}

}  // namespace hydrant::server
