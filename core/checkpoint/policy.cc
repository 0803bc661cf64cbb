#include "core/checkpoint/policy.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/checkpoint/note_text.h"
#include "core/checkpoint/verify_note.h"

namespace daybook::checkpoint {
namespace {

constexpr size_t problems_told_max = 16;
constexpr size_t shown_bytes = 64;

std::string Quoted(absl::string_view word) {
  return absl::StrCat("'", Shortened(word, shown_bytes), "'");
}

bool IsPolicyText(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c == '\t' || c == '\n' || (c >= 0x20 && c != 0x7F);
  });
}

}  // namespace

// Reads a policy file line by line, and goes on after a line that is wrong, so
// that all problems are told at once.
class PolicyReader {
 public:
  absl::StatusOr<Policy> Read(absl::string_view text) {
    if (text.size() > policy_bytes_max) {
      return absl::InvalidArgumentError(
          absl::StrCat("a policy has at most ", policy_bytes_max,
                       " bytes, not ", text.size()));
    }
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      ++number_;
      ReadLine(line);
    }
    if (!quorum_line_.has_value()) {
      Tell(
          "there is no quorum line; write 'quorum NAME', or 'quorum none' "
          "when nobody need have cosigned");
    }
    if (problems_.empty()) return std::move(policy_);
    const size_t all = problems_.size();
    problems_.resize(std::min(all, problems_told_max));
    return absl::InvalidArgumentError(absl::StrCat(
        "this is not a policy: ", absl::StrJoin(problems_, "; "),
        all > problems_.size()
            ? absl::StrCat("; and ", all - problems_.size(), " more")
            : ""));
  }

 private:
  using Words = std::vector<absl::string_view>;

  void Tell(absl::string_view problem) {
    problems_.push_back(std::string(problem));
  }
  void TellLine(absl::string_view problem) {
    Tell(absl::StrCat("line ", number_, ": ", problem));
  }

  void ReadLine(absl::string_view line) {
    if (!IsPolicyText(line)) {
      TellLine(
          "it has a control character other than tab; lines end with LF alone");
      return;
    }
    const Words words =
        absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (words.empty() || words[0].front() == '#') return;
    if (words[0] == "log") {
      ReadLog(words);
    } else if (words[0] == "witness") {
      ReadWitness(words);
    } else if (words[0] == "group") {
      ReadGroup(words);
    } else if (words[0] == "quorum") {
      ReadQuorum(words);
    } else {
      TellLine(absl::StrCat(Quoted(words[0]),
                            " is none of log, witness, group, quorum and #"));
    }
  }

  void ReadLog(const Words& words) {
    if (words.size() < 2 || words.size() > 3) {
      TellLine("write 'log VKEY [URL]'");
      return;
    }
    const auto key = ReadKey(words[1], KeyType::kEd25519);
    if (!key.has_value()) return;
    if (!log_keys_.insert(key->public_key()).second) {
      TellLine("a log with this public key was named before");
      return;
    }
    policy_.logs_.push_back({*key, OptionalWord(words, 2)});
  }

  void ReadWitness(const Words& words) {
    if (words.size() < 3 || words.size() > 4) {
      TellLine("write 'witness NAME VKEY [URL]'");
      return;
    }
    const bool defined = Define(words[1]);
    const auto key = ReadKey(words[2], KeyType::kCosignature);
    if (!key.has_value()) return;
    if (!witness_keys_.insert(key->public_key()).second) {
      TellLine("a witness with this public key was named before");
      return;
    }
    if (!defined) return;
    policy_.voters_.back().witness = policy_.witnesses_.size();
    policy_.witnesses_.push_back(
        {std::string(words[1]), *key, OptionalWord(words, 3)});
  }

  void ReadGroup(const Words& words) {
    if (words.size() < 4) {
      TellLine("write 'group NAME all|any|K MEMBER...'");
      return;
    }
    std::vector<size_t> members;
    for (size_t i = 3; i < words.size(); ++i) {
      const std::optional<size_t> member = Find(words[i]);
      if (!member.has_value()) continue;
      if (!members_.insert(*member).second) {
        TellLine(absl::StrCat(Quoted(words[i]),
                              " is a member of a group already; each name may "
                              "be a member once"));
        continue;
      }
      members.push_back(*member);
    }
    const size_t count = words.size() - 3;
    std::optional<uint64_t> needed = ParseDecimal(words[2]);
    if (words[2] == "all") needed = count;
    if (words[2] == "any") needed = 1;
    if (!needed.has_value() || *needed < 1 || *needed > count) {
      TellLine(absl::StrCat(Quoted(words[2]), " is neither all nor any nor a ",
                            "number from 1 to ", count, ", of the members"));
      needed = 1;
    }
    if (!Define(words[1])) return;
    policy_.voters_.back().needed = *needed;
    policy_.voters_.back().members = std::move(members);
  }

  void ReadQuorum(const Words& words) {
    if (words.size() != 2) {
      TellLine("write 'quorum NAME' or 'quorum none'");
      return;
    }
    if (quorum_line_.has_value()) {
      TellLine(absl::StrCat("there is a quorum in line ", *quorum_line_,
                            " already"));
      return;
    }
    quorum_line_ = number_;
    if (words[1] != none) policy_.quorum_ = Find(words[1]);
  }

  static std::string OptionalWord(const Words& words, size_t i) {
    return i < words.size() ? std::string(words[i]) : "";
  }

  std::optional<VerifierKey> ReadKey(absl::string_view word, KeyType type) {
    absl::StatusOr<VerifierKey> key = VerifierKey::Parse(word);
    if (!key.ok()) {
      TellLine(absl::StrCat(Quoted(word), ": ", key.status().message()));
      return std::nullopt;
    }
    if (key->type() != type) {
      TellLine(absl::StrCat(Quoted(word), " is a key of type ",
                            static_cast<int>(key->type()), "; a ",
                            type == KeyType::kEd25519 ? "log" : "witness",
                            " has one of type ", static_cast<int>(type)));
      return std::nullopt;
    }
    return *std::move(key);
  }

  // Adds a voter of this name.
  bool Define(absl::string_view name) {
    if (name == none) {
      TellLine("'none' can not be defined; it is the quorum of nobody");
      return false;
    }
    if (!names_.emplace(std::string(name), policy_.voters_.size()).second) {
      TellLine(absl::StrCat(Quoted(name), " was defined before"));
      return false;
    }
    policy_.voters_.emplace_back().name = std::string(name);
    return true;
  }

  std::optional<size_t> Find(absl::string_view name) {
    const auto found = names_.find(name);
    if (found != names_.end()) return found->second;
    TellLine(absl::StrCat(Quoted(name),
                          " is no witness or group that was defined before"));
    return std::nullopt;
  }

  static constexpr absl::string_view none = "none";

  Policy policy_;
  std::vector<std::string> problems_;
  size_t number_ = 0;
  std::optional<size_t> quorum_line_;
  std::map<std::string, size_t, std::less<>> names_;
  std::set<size_t> members_;
  std::set<Ed25519PublicKey> log_keys_;
  std::set<Ed25519PublicKey> witness_keys_;
};

absl::StatusOr<Policy> Policy::Parse(absl::string_view text) {
  return PolicyReader().Read(text);
}

std::vector<bool> Policy::Votes(const std::vector<bool>& signed_by) const {
  std::vector<bool> votes;
  votes.reserve(voters_.size());
  for (const Voter& voter : voters_) {
    if (voter.witness.has_value()) {
      votes.push_back(signed_by[*voter.witness]);
      continue;
    }
    const auto has = std::count_if(voter.members.begin(), voter.members.end(),
                                   [&](size_t i) { return votes[i]; });
    votes.push_back(static_cast<size_t>(has) >= voter.needed);
  }
  return votes;
}

std::string Policy::Told(
    const std::vector<PolicyOpinion::Cosigner>& cosigners) const {
  std::string told =
      cosigners.empty()
          ? "cosigned by no witness of the policy"
          : absl::StrCat("cosigned by ",
                         absl::StrJoin(cosigners, ", ",
                                       [](std::string* out, const auto& one) {
                                         absl::StrAppend(out, one.name);
                                       }));
  if (!quorum_.has_value()) {
    return absl::StrCat(told, "; the quorum is nobody");
  }
  const Voter& quorum = voters_[*quorum_];
  absl::StrAppend(&told, "; the quorum is ", quorum.name);
  if (quorum.witness.has_value()) return told;
  return absl::StrCat(
      told, ", ", quorum.needed, " of ",
      absl::StrJoin(quorum.members, ", ", [this](std::string* out, size_t i) {
        absl::StrAppend(out, voters_[i].name);
      }));
}

absl::StatusOr<PolicyOpinion> Policy::Judge(
    const Note& note, const std::optional<VerifierKey>& log) const {
  std::vector<VerifierKey> taken;
  for (const PolicyLog& known : logs_) {
    if (!log.has_value() || known.key == *log) taken.push_back(known.key);
  }
  if (log.has_value() && logs_.empty()) taken.push_back(*log);
  if (taken.empty() && log.has_value()) {
    return absl::PermissionDeniedError(absl::StrCat(
        "the policy does not name the key of ", log->name(), " as a log's"));
  }
  if (taken.empty()) {
    return absl::FailedPreconditionError(
        "the policy names no log; give the log's verifier key");
  }
  std::vector<VerifierKey> keys = taken;
  for (const PolicyWitness& witness : witnesses_) keys.push_back(witness.key);
  ASSIGN_OR_RETURN(const std::vector<VerifiedSignature> signatures,
                   VerifyNote(note, keys));
  const auto signature_of = [&](const VerifierKey& key) {
    return std::find_if(signatures.begin(), signatures.end(),
                        [&](const VerifiedSignature& one) {
                          return one.name == key.name() && one.id == key.id();
                        });
  };
  std::vector<VerifierKey> signers;
  std::copy_if(taken.begin(), taken.end(), std::back_inserter(signers),
               [&](const VerifierKey& key) {
                 return signature_of(key) != signatures.end();
               });
  if (signers.empty()) {
    return absl::UnauthenticatedError(
        "no log that the policy takes has signed the note");
  }
  ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(note.text));
  const auto signer = std::find_if(
      signers.begin(), signers.end(),
      [&](const VerifierKey& key) { return key.name() == checkpoint.origin; });
  if (signer == signers.end()) {
    return absl::PermissionDeniedError(absl::StrCat(
        "the checkpoint is of ", checkpoint.origin, ", for which the key of ",
        signers[0].name(), " does not speak"));
  }
  PolicyOpinion opinion{std::move(checkpoint), *signer, {}, false, ""};
  std::vector<bool> signed_by;
  for (const PolicyWitness& witness : witnesses_) {
    const auto found = signature_of(witness.key);
    signed_by.push_back(found != signatures.end());
    if (!signed_by.back()) continue;
    opinion.cosigners.push_back(
        {witness.name, found->time.value_or(UnixSeconds(0))});
  }
  opinion.quorum_met = !quorum_.has_value() || Votes(signed_by)[*quorum_];
  opinion.told = Told(opinion.cosigners);
  return opinion;
}

}  // namespace daybook::checkpoint
