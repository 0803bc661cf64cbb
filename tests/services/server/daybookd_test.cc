// The program daybookd as an operator meets it: what it prints, how it ends,
// and with which exit code.

#include <fcntl.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A running daybookd, and what it prints to standard error. It gives out no
// files unless its arguments say so.
class Daybookd {
 public:
  explicit Daybookd(std::vector<std::string> arguments) {
    int ends[2];
    DAYBOOK_CHECK(pipe(ends) == 0);
    process_ = fork();
    DAYBOOK_CHECK(process_ >= 0);
    if (process_ == 0) {
      dup2(ends[1], STDERR_FILENO);
      dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
      close(ends[0]);
      std::vector<char*> argv;
      std::string program = DAYBOOKD_PATH;
      argv.push_back(program.data());
      std::string no_files = "--http_listen=";
      argv.push_back(no_files.data());
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      execv(DAYBOOKD_PATH, argv.data());
      std::_Exit(127);
    }
    close(ends[1]);
    errors_ = ends[0];
  }

  ~Daybookd() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      Wait();
    }
    close(errors_);
  }

  // The next line, without its end; empty when there is no more.
  std::string ReadLine() {
    std::string line;
    char c = 0;
    while (read(errors_, &c, 1) == 1 && c != '\n') line.push_back(c);
    return line;
  }

  void Signal(int signal) { kill(process_, signal); }

  // The exit code; -1 when a signal ended it.
  int Wait() {
    int status = 0;
    DAYBOOK_CHECK(waitpid(process_, &status, 0) == process_);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t process_ = 0;
  int errors_ = -1;
};

class DaybookdTest : public ::testing::Test {
 protected:
  std::string DataFlag(const std::string& name) const {
    return absl::StrCat("--data_dir=", (temporary_.path() / name).string());
  }

  testing::TemporaryDirectory temporary_;
};

// Ends with `code` after one line.
void ExpectRefusal(Daybookd&& daybookd, int code, const std::string& line) {
  EXPECT_THAT(daybookd.ReadLine(), HasSubstr(line));
  EXPECT_EQ(daybookd.ReadLine(), "");
  EXPECT_EQ(daybookd.Wait(), code);
}

TEST_F(DaybookdTest, RunsUntilItIsToldToStop) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Daybookd daybookd({DataFlag("data"), "--listen=127.0.0.1:0"});
    EXPECT_THAT(daybookd.ReadLine(), StartsWith("listening on 127.0.0.1:"));
    daybookd.Signal(signal);
    EXPECT_EQ(daybookd.Wait(), 0);
  }
}

// A call that lasts until the server ends it: reflection, which has answered
// one question and waits for the next.
class LastingCall {
 public:
  explicit LastingCall(const std::string& address)
      : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())),
        call_(stub_.PrepareCall(
            &context_,
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            &queue_)) {
    call_->StartCall(this);
    Await();
    // ServerReflectionRequest{list_services: "*"}.
    const grpc::Slice request(std::string("\x3a\x01*"));
    call_->Write(grpc::ByteBuffer(&request, 1), this);
    Await();
    grpc::ByteBuffer answer;
    call_->Read(&answer, this);
    Await();
  }

  ~LastingCall() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, this);
    Await();
  }

 private:
  void Await() {
    void* tag = nullptr;
    bool ok = false;
    DAYBOOK_CHECK(queue_.Next(&tag, &ok));
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

TEST_F(DaybookdTest, SecondSignalStopsItAtOnce) {
  Daybookd daybookd({DataFlag("data"), "--listen=127.0.0.1:0"});
  const std::string line = daybookd.ReadLine();
  const LastingCall call(line.substr(line.rfind(' ') + 1));
  daybookd.Signal(SIGTERM);
  daybookd.Signal(SIGINT);
  EXPECT_EQ(daybookd.Wait(), 5);
}

TEST_F(DaybookdTest, ReachableAddressIsWarnedAbout) {
  Daybookd daybookd({DataFlag("data"), "--listen=0.0.0.0:0"});
  EXPECT_THAT(daybookd.ReadLine(), HasSubstr("no authentication"));
  EXPECT_THAT(daybookd.ReadLine(), StartsWith("listening on 0.0.0.0:"));
}

TEST_F(DaybookdTest, FilesAreGivenOutAtAnAddressOfTheirOwn) {
  Daybookd daybookd(
      {DataFlag("data"), "--listen=127.0.0.1:0", "--http_listen=127.0.0.1:0"});
  EXPECT_THAT(daybookd.ReadLine(), StartsWith("listening on "));
  const std::string line = daybookd.ReadLine();
  ASSERT_THAT(line, StartsWith("files on http://127.0.0.1:"));
  const std::string address = line.substr(line.rfind('/') + 1);
  ExpectRefusal(Daybookd({DataFlag("other"), "--listen=127.0.0.1:0",
                          absl::StrCat("--http_listen=", address)}),
                4, "--http_listen");
  daybookd.Signal(SIGTERM);
  EXPECT_EQ(daybookd.Wait(), 0);
  Daybookd reachable(
      {DataFlag("data"), "--listen=127.0.0.1:0", "--http_listen=0.0.0.0:0"});
  EXPECT_THAT(reachable.ReadLine(), HasSubstr("may read all entries"));
}

TEST_F(DaybookdTest, APolicyThatIsNoneExitsWithTwo) {
  const auto path = temporary_.path() / "policy";
  std::ofstream(path) << "nonsense";
  ExpectRefusal(Daybookd({DataFlag("data"), "--listen=127.0.0.1:0",
                          absl::StrCat("--policy=", path.string())}),
                2, "line 1");
}

TEST_F(DaybookdTest, WrongArgumentsExitWithTwo) {
  ExpectRefusal(Daybookd({"--verbose"}), 2, "--verbose");
  ExpectRefusal(Daybookd({}), 2, "--data_dir");
  EXPECT_EQ(Daybookd({"--help"}).Wait(), 0);
}

TEST_F(DaybookdTest, UnusableDataDirectoryExitsWithThree) {
  ExpectRefusal(Daybookd({DataFlag("no/parent"), "--listen=127.0.0.1:0"}), 3,
                "create it first");
  std::filesystem::create_directory(temporary_.path() / "other");
  std::ofstream(temporary_.path() / "other" / "letter.txt") << "dear";
  ExpectRefusal(Daybookd({DataFlag("other"), "--listen=127.0.0.1:0"}), 3,
                "other");

  Daybookd first({DataFlag("data"), "--listen=127.0.0.1:0"});
  EXPECT_THAT(first.ReadLine(), StartsWith("listening"));
  ExpectRefusal(Daybookd({DataFlag("data"), "--listen=127.0.0.1:0"}), 3,
                "data");
}

TEST_F(DaybookdTest, AddressInUseExitsWithFour) {
  Daybookd first({DataFlag("data"), "--listen=127.0.0.1:0"});
  const std::string line = first.ReadLine();
  const std::string address = line.substr(line.rfind(' ') + 1);
  ExpectRefusal(
      Daybookd({DataFlag("other"), absl::StrCat("--listen=", address)}), 4,
      "another process listens there");
}

}  // namespace
}  // namespace daybook::services
