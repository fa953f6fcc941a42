package org.openlockbox.cli.command.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// A file with one statement that shall run word for word. White space at its end does not count:
/// `psql -c "$(cat FILE)"` sends the same.
final class StatementFile {
  private StatementFile() {}

  static String read(Path file) {
    try {
      String text = Files.readString(file).stripTrailing();
      CanonicalJson.bytes(Json.text(text));
      if (text.isEmpty()) {
        throw Failure.usage(file + " is empty", "lockbox request create --help");
      }
      return text;
    } catch (MalformedJson unreadable) {
      throw Failure.usage(
          file + " has characters that an approver could not see: " + unreadable.getMessage(),
          "use \\n at the ends of lines, and no invisible characters");
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILURE, "cannot read " + file + ": " + e.getMessage());
    }
  }
}
