package org.openlockbox.cli.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.openlockbox.cli.profile.PrivateFile;

/// A login as the files that libpq programs read: a password file, a service file and the gateway's
/// authority, all of mode 0600 in a directory of mode 0700.
public record LoginFiles(Path directory) {
  /// The name of the one service in the service file.
  public static final String SERVICE = "lockbox";

  private static final int KEPT_LOGINS = 19;

  public static LoginFiles write(Path directory, GatewayLogin login) {
    LoginFiles files = new LoginFiles(directory);
    PrivateFile.replace(files.passwordFile(), files.passwordsBefore() + login.passwordLine());
    if (!login.caPem().isEmpty()) {
      PrivateFile.replace(files.authorityFile(), login.caPem());
    }
    PrivateFile.replace(files.serviceFile(), files.service(login));
    return files;
  }

  /// The newest logins of before: a shell or a tool may still name the user of one.
  private String passwordsBefore() {
    if (!Files.exists(passwordFile())) {
      return "";
    }
    List<String> lines = PrivateFile.read(passwordFile(), "password file").lines().toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - KEPT_LOGINS))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /// A fresh directory of mode 0700 under the system's temporary directory.
  static Path temporary() {
    try {
      return Files.createTempDirectory("lockbox-");
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  public Path passwordFile() {
    return directory.resolve("pgpass");
  }

  public Path serviceFile() {
    return directory.resolve("pg_service.conf");
  }

  Path authorityFile() {
    return directory.resolve("ca.pem");
  }

  /// The authority file, or nothing when the gateway's certificate is publicly known.
  public String authority() {
    return Files.exists(authorityFile()) ? authorityFile().toString() : "";
  }

  /// What libpq takes as root: without one it looks for a file of the user's that hardly anybody
  /// has.
  public String root() {
    return authority().isEmpty() ? "system" : authority();
  }

  private String service(GatewayLogin login) {
    return """
        [%s]
        host=%s
        port=%d
        dbname=%s
        user=%s
        passfile=%s
        sslmode=verify-full
        sslrootcert=%s
        channel_binding=require
        gssencmode=disable
        application_name=lockbox %s
        """
        .formatted(
            SERVICE,
            login.host(),
            login.port(),
            login.database(),
            login.user(),
            passwordFile(),
            root(),
            login.request());
  }

  /// Removes the files and their directory. Whatever remains after a crash is useless once the
  /// connect statement has expired.
  void delete() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException gone) {
      directory.toFile().deleteOnExit();
    }
  }
}
