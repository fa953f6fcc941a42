package org.openlockbox.cli.signing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.SshSig;

/// The system's `ssh-keygen`, which alone touches private SSH keys: in a file, in an agent, on a
/// security key. It asks for passphrase and PIN at the terminal itself; what else it says is said
/// on. A crash leaves a statement in a directory of mode 0700, and no secret.
public final class SshKeygen {
  private static final String INSTALL =
      "install the package openssh-client (openssh-clients on Fedora and RHEL)";

  private final Map<String, String> environment;
  private final Terminal terminal;

  public SshKeygen(Map<String, String> environment, Terminal terminal) {
    this.environment = Map.copyOf(environment);
    this.terminal = terminal;
  }

  /// How it ended, and what it said on the way.
  private record KeygenResult(int exit, String out, List<String> said) {
    boolean said(String words) {
      return said.stream().anyMatch(line -> line.contains(words));
    }
  }

  /// The public half of a private key file that has no `.pub` beside it.
  String publicLine(Path file) {
    KeygenResult ended = run(List.of("-y", "-f", file.toString()));
    if (ended.exit() != 0) {
      throw new Failure(
          ExitCode.FAILURE,
          "ssh-keygen does not tell the public key of " + file,
          "put " + file + ".pub beside it");
    }
    return ended.out();
  }

  /// What it writes as the signature of these bytes, for our namespace.
  String sign(Path key, Bytes message) {
    try {
      Path directory =
          Files.createTempDirectory(
              "lockbox-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path file = directory.resolve("statement");
      Path signature = directory.resolve("statement.sig");
      try {
        Files.write(file, message.toArray());
        KeygenResult ended =
            run(
                List.of(
                    "-q", "-Y", "sign", "-n", SshSig.NAMESPACE, "-f", key.toString(), "" + file));
        if (ended.exit() != 0 || !Files.exists(signature)) {
          throw unsigned(key, ended);
        }
        return Files.readString(signature);
      } finally {
        Files.deleteIfExists(signature);
        Files.deleteIfExists(file);
        Files.deleteIfExists(directory);
      }
    } catch (IOException unwritable) {
      throw new Failure(
          ExitCode.FAILURE, "a temporary file cannot be written: " + unwritable.getMessage());
    }
  }

  private Failure unsigned(Path key, KeygenResult ended) {
    if (ended.said("No private key found")) {
      boolean agent = !environment.getOrDefault("SSH_AUTH_SOCK", "").isEmpty();
      return new Failure(
          ExitCode.FAILURE,
          "the private half of "
              + key
              + " is neither beside it nor in an ssh-agent"
              + (agent ? "" : " (SSH_AUTH_SOCK names none)")
              + "; nothing was signed",
          agent ? "ssh-add PRIVATE-KEY" : "eval \"$(ssh-agent)\" && ssh-add PRIVATE-KEY");
    }
    if (ended.said("incorrect passphrase")) {
      return new Failure(
          ExitCode.FAILURE, "the passphrase of " + key + " was not given; nothing was signed");
    }
    return new Failure(
        ExitCode.FAILURE,
        "ssh-keygen did not sign with " + key + "; nothing was signed",
        "why is said above; ssh -V must tell OpenSSH 8.2 or later");
  }

  private KeygenResult run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program().toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().remove("LOCKBOX_TOKEN");
    try {
      Process process = builder.start();
      List<String> said = new ArrayList<>();
      try (BufferedReader err =
          new BufferedReader(
              new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
          said.add(line);
          terminal.say("ssh-keygen: " + Terminal.clean(line));
        }
      }
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new KeygenResult(process.waitFor(), out, said);
    } catch (IOException failed) {
      throw new Failure(ExitCode.FAILURE, "ssh-keygen does not start: " + failed.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILURE, "interrupted; nothing was signed");
    }
  }

  private Path program() {
    for (String folder :
        environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin").split(":", -1)) {
      Path candidate = Path.of(folder, "ssh-keygen");
      if (!folder.isEmpty() && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new Failure(
        ExitCode.FAILURE, "ssh-keygen is not installed, and only it signs with SSH keys", INSTALL);
  }
}
