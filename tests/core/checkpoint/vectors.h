// The keys and the checkpoint that other implementations of these formats have
// accepted, and what tests make of them.
//
// Thread safety: constants and pure functions.

#ifndef DAYBOOK_TESTS_CORE_CHECKPOINT_VECTORS_H_
#define DAYBOOK_TESTS_CORE_CHECKPOINT_VECTORS_H_

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/checkpoint/ed25519.h"
#include "core/checkpoint/signer_key.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::checkpoint {

inline constexpr char log_name[] = "budget.example/ledger";
inline constexpr char log_vkey[] =
    "budget.example/ledger+c3cc8e41+"
    "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
inline constexpr char witness_name[] = "witness.example/w1";
inline constexpr char witness_vkey[] =
    "witness.example/w1+cf810b3c+BCnlgzqRWmQppOOnlIR1wzjvQ264K+ickvBZcEQD251V";
inline constexpr UnixSeconds witness_time{1'700'000'000};

inline constexpr char root_7[] = "gTvaOkIAD4KUtqlU6oN5LC3vrmUkbvdgr5/dU699Rjg=";

// The tree over event-0 to event-6.
inline constexpr char checkpoint_text[] =
    "budget.example/ledger\n"
    "7\n"
    "gTvaOkIAD4KUtqlU6oN5LC3vrmUkbvdgr5/dU699Rjg=\n";
inline constexpr char log_line[] =
    "— budget.example/ledger "
    "w8yOQSpA17Ac0euZuGXKvc4vh8VssgBXieF+wvE74di750GQibZlvwowlCWkXmm/"
    "WmQgdLyUBsGK+2QrtmeRwnSmtAA=\n";
inline constexpr char witness_line[] =
    "— witness.example/w1 "
    "z4ELPAAAAABlU/EAHwYN7xbVJEpwlGXigYUGmpQdHvitCcZAFHY+"
    "10riUWMhxB4R8VEjiwT7W5fqeOe2LncvXFXrlDfBh2S1g2ogAg==\n";

inline std::string SignedText() {
  return absl::StrCat(checkpoint_text, "\n", log_line, witness_line);
}

// Bytes 00 01 … 1f.
inline std::string LogSeed() {
  std::string seed;
  for (int i = 0; i < 32; ++i) seed.push_back(static_cast<char>(i));
  return seed;
}

inline SignerKey MakeSigner(absl::string_view name, KeyType type,
                            absl::string_view seed) {
  return *SignerKey::Create(name, type, *Ed25519Seed::FromBytes(seed));
}

inline SignerKey LogSigner() {
  return MakeSigner(log_name, KeyType::kEd25519, LogSeed());
}

inline SignerKey WitnessSigner() {
  return MakeSigner(witness_name, KeyType::kCosignature,
                    std::string(32, '\xa5'));
}

}  // namespace daybook::checkpoint

#endif  // DAYBOOK_TESTS_CORE_CHECKPOINT_VECTORS_H_
