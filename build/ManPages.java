import java.io.File;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.openlockbox.cli.Lockbox;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.node.Main;
import org.openlockbox.node.process.CommandRunner;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/// Writes a manual page in AsciiDoc for each verb of the client and of a host's operator into the
/// directory that the first argument names: `build/release.sh` runs it.
final class ManPages {
  private ManPages() {}

  public static void main(String[] arguments) throws Exception {
    var terminal = new Terminal(System.out, System.err, false, Map.of());
    var context =
        new CommandContext(
            terminal,
            InputStream.nullInputStream(),
            false,
            Map.of(),
            InstantSource.system(),
            new SecureRandom());
    // The client last: both programs are called lockbox, and its page is the one about the command.
    write(arguments[0], CommandRunner.commandLine(new Main()));
    write(arguments[0], Lockbox.commandLine(context, ""));
  }

  private static void write(String directory, CommandLine program) throws Exception {
    var nothing = new boolean[0];
    ManPageGenerator.generateManPage(
        new File(directory), null, nothing, true, program.getCommandSpec());
  }
}
