// daybook: the command line.

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "clients/cli/run.h"
#include "clients/cpp/client.h"

int main(int argc, char** argv) {
  const char* const server = std::getenv("DAYBOOK_SERVER");
  daybook::cli::Streams streams{std::cin, std::cout, std::cerr,
                                isatty(STDERR_FILENO) == 1};
  return daybook::cli::Run(
      std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc),
      server == nullptr || *server == '\0'
          ? daybook::client::Client::default_address
          : server,
      streams);
}
