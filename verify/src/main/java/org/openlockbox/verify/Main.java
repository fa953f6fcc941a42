package org.openlockbox.verify;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.openlockbox.core.bundle.Report;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.policy.Conditions;

/// `java -jar lockbox-verify.jar FILE --pin HEX`: checks an evidence bundle offline, with a JDK and
/// this one file. What `lockbox verify` does, from the same code.
public final class Main {
  static final int VERIFIED = 0;
  static final int BROKEN = 1;
  static final int USAGE = 2;
  static final int INCOMPLETE = 3;

  private Main() {}

  public static void main(String[] args) {
    var out = utf8(FileDescriptor.out);
    var err = utf8(FileDescriptor.err);
    int exit = run(args, out, err);
    out.flush();
    err.flush();
    System.exit(exit);
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    return switch (Arguments.parse(args)) {
      case Arguments.Help(var text) -> {
        out.print(text);
        yield VERIFIED;
      }
      case Arguments.InvalidArguments(var why) -> {
        err.println("lockbox-verify: " + TextRules.shown(why));
        err.println("hint: java -jar lockbox-verify.jar --help");
        yield USAGE;
      }
      case Arguments.Wanted wanted -> verify(wanted, out, err);
    };
  }

  private static int verify(Arguments.Wanted wanted, PrintStream out, PrintStream err) {
    try {
      var zip = Files.readAllBytes(Path.of(wanted.file()));
      var report =
          Report.of(zip, Optional.of(wanted.pin()), Conditions.NONE, wanted.form(), wanted.file());
      out.print(report.data());
      report.talk().forEach(err::println);
      return switch (report.verdict()) {
        case VERIFIED -> VERIFIED;
        case BROKEN -> BROKEN;
        case NOT_CHECKED -> INCOMPLETE;
      };
    } catch (IOException | OutOfMemoryError | RuntimeException failed) {
      err.println(
          "NOT CHECKED: %s: %s"
              .formatted(TextRules.shown(wanted.file()), TextRules.shown(failed.toString())));
      return INCOMPLETE;
    }
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
