package org.openlockbox.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.CommandWords;
import org.openlockbox.cli.terminal.Terminal;

/// The `lockbox` client program. One call, one exit code; it holds nothing between calls but the
/// files in its configuration directory.
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    if (args.length == 1 && args[0].equals("rehearse")) {
      System.exit(Rehearsal.run());
    }
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    boolean tty = isTerminal();
    CommandContext surroundings =
        new CommandContext(
            new Terminal(out, err, tty, System.getenv()),
            System.in,
            tty,
            System.getenv(),
            InstantSource.system(),
            new SecureRandom());
    int code = run(surroundings, args);
    out.flush();
    System.exit(code);
  }

  /// One call: its words as a shell passes them, and its exit code.
  public static int run(CommandContext surroundings, String... args) {
    String[] words = words(args);
    return Lockbox.commandLine(surroundings, words[0]).execute(words);
  }

  private static String[] words(String[] args) {
    if (args.length == 0) {
      return new String[] {"--help"};
    }
    boolean version = args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"));
    return version ? new String[] {"version"} : CommandWords.verbFirst(args);
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /// Whether a person sits at both ends. Depending on the JDK, no console is null or says so
  /// itself.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
