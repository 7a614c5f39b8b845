#include "engine/delivery/process/query_prelude.h"

#include <algorithm>
#include <string>

namespace hydrant::delivery {
namespace {

// What reaches beyond the record: the environment, the standard error stream, files, the time zone
// of the machine.
constexpr std::string_view kReach = R"jq(
def env: {};
def stderr: .;
def modulemeta: error("modulemeta is not available");
def localtime: gmtime;
def halt: error("halt is not available");
def halt_error: halt;
def halt_error(f): halt;
)jq";

// Where libjq ends the process on account of a value: times beyond the calendar, formats that are
// no text, an empty text to look for, the largest numbers divided by -1.
constexpr std::string_view kValues = R"jq(
def _time(f): strftime(f);
def strftime(f): f as $f
  | if ($f | type) != "string" then error("strftime/1 requires a string format")
    elif type == "number" then gmtime | _time($f)
    else _time($f) end;
def strflocaltime(f): strftime(f);
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def todate: todateiso8601;
def date: todate;
def _places($i): indices($i);
def indices($i): if $i == "" then [] else _places($i) end;
def index($i): indices($i) | .[0];
def rindex($i): indices($i) | .[-1:][0];
def _remainder(a; b): _mod(a; b);
def _mod(a; b): b as $b | a as $a
  | if ($a | type) == "number" and ($b | type) == "number" and $b > -2 and $b <= -1 then 0
    else _remainder($a; $b) end;
)jq";

// What is no number ends it as well, as the bound of a slice, or keeps it busy for ever. Records
// have none (record_reader.cpp).
constexpr std::string_view kNoNumbers = R"jq(
def nan: error("nan is not available");
def _no_number:
  error("Invalid numeric literal at EOF at line 1, column \(length) (while parsing '\(.)')");
def _to_number: tonumber;
def tonumber: . as $text | _to_number | if isnan then $text | _no_number else . end;
def _from_json: fromjson;
def fromjson: . as $text | _from_json
  | if ($text | ascii_downcase | contains("nan")) and any(.. | numbers; isnan)
    then $text | _no_number else . end;
)jq";

// Behind a match of nothing libjq looks on one byte further, which may be in the middle of a
// character: it reads beyond the text then. Where that could be, the text is gone through in steps
// that are never empty: a match, a match of nothing and the character behind it, or a character
// with no match. The two groups at the end of a step tell which (both, second only, none).
// gsub() for its part stays for ever at a place where it matches nothing.
constexpr std::string_view kMatches = R"jq(
def _search(re; flags; is_test): _match_impl(re; flags; is_test);
def _once: split("g") | join("");
def _whole($re; $flags): "(?:" + $re + (if $flags | contains("x") then "\n)" else ")" end);
def _steps($re; $flags):
  if $re | contains("\\K") then error("\\K is not available") else . end
  | [_search("\\G(?:" + _whole($re; $flags) + "(?:\\G(?s:.)()|(?!\\G))()|(?s:.))"; $flags + "g";
      false)[]
    | if .captures[-1].offset < 0 then null
      elif .captures[-2].offset < 0
      then {offset, length, string, captures: .captures[:-2]}
      else {offset, length: 0, string: "", captures: []} end];
def _at_end($re; $flags): _search("\\z" + _whole($re; $flags); $flags | _once; false);
def _may_match_nothing($re; $flags):
  ($re | (contains("\\") or contains("(?") or contains("(*"))
    and test("\\\\[bByYK]|\\(\\?<?[=!]|\\(\\?[~(]|\\(\\*"))
  or ("" | _search($re; $flags; true));
def _match_impl(re; flags; is_test): re as $re | flags as $flags | is_test as $is_test
  | if $flags == null or $is_test or type != "string" or utf8bytelength == length
      or ($re | type) != "string" or ($flags | type) != "string"
      or ($flags | contains("g") | not) or (_may_match_nothing($re; $flags) | not)
    then _search($re; $flags; $is_test)
    else _steps($re; $flags) as $steps
    | [$steps[] | values] + if $steps[-1] == null then _at_end($re; $flags) else [] end
    end;
def match(re; flags): _match_impl(re; flags; false) | .[];
def _match($what): match($what);
def match($what):
  if ($what | type) == "array" and ($what | length) > 1 then match($what[0]; $what[1])
  else _match($what) end;
def _named:
  reduce (.captures[] | select(.name != null) | {(.name): .string}) as $one ({}; . + $one);
def capture(re; flags): match(re; flags) | _named;
def capture($what): match($what) | _named;
def scan(re): match(re; "g") | if .captures == [] then .string else [.captures[].string] end;
def splits($re; flags): . as $text
  | [0, (match($re; "g" + flags) | .offset, .offset + .length), ($text | length)]
  | range(0; length; 2) as $i | $text[.[$i]:.[$i + 1]];
def splits($re): splits($re; null);
def split($re; flags): [splits($re; flags)];
def _replace_steps($re; s; $flags): . as $text
  | [foreach ((_steps($re; $flags)[] | values), _at_end($re; $flags)[], null) as $match ({next: 0};
      {from: .next, to: ($match.offset // ($text | length)),
       next: ($match.offset + $match.length)};
      $text[.from:.to], ($match | values | [_named | s][0]))]
  | add;
def _replace_all($re; s; $flags): . as $text | [match($re; $flags)][0]
  | if . == null then $text
    elif .length == 0 and .offset < ($text | length) then $text | _replace_steps($re; s; $flags)
    else .offset as $from | (.offset + .length) as $to | _named
    | $text[:$from] + s
      + ($text[$to:] | if . == "" then . else _replace_all($re; s; $flags) end)
    end;
def _replace(re; s; flags): sub(re; s; flags);
def sub($re; s; $flags):
  if ($flags | type) == "string" and ($flags | contains("g"))
  then _replace_all($re; s; $flags | _once)
  else _replace($re; s; $flags) end;
def gsub($re; s; $flags): sub($re; s; $flags + "g");
def gsub($re; s): sub($re; s; "g");
)jq";

constexpr std::string_view kEnvironment = "{} as $ENV | ";

std::string on_one_line() {
  std::string text;
  for (const auto part : {kReach, kValues, kNoNumbers, kMatches, kEnvironment}) text += part;
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

std::string_view query_prelude() {
  static const std::string prelude = on_one_line();
  return prelude;
}

}  // namespace hydrant::delivery
