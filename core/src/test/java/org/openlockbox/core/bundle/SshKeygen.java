package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.SshKey;
import org.openlockbox.core.signing.SshSig;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.testing.SshTestKey;

/// OpenSSH's own program, with its files in one directory.
record SshKeygen(Path directory) {
  static void need() throws InterruptedException {
    Program.need("ssh-keygen (openssh-client)", Map.of(), "sh", "-c", "command -v ssh-keygen");
  }

  /// Whether it verifies this signature over this message, when it knows this key for our use.
  boolean accepts(VerifyingKey key, Bytes message, Bytes blob)
      throws IOException, InterruptedException {
    Files.writeString(
        directory.resolve("allowed"),
        "approver namespaces=\"%s\" %s%n".formatted(SshSig.NAMESPACE, SshKey.format(key)));
    Files.write(directory.resolve("message"), message.toArray());
    Files.writeString(directory.resolve("message.sig"), SshTestKey.armored(blob));
    var verify =
        "exec ssh-keygen -Y verify -f allowed -I approver -n %s -s message.sig < message"
            .formatted(SshSig.NAMESPACE);
    return Program.run(directory, "sh", "-c", verify).exit() == 0;
  }

  /// Makes a key pair in files of this name and gives the public line.
  String key(String name, String... options) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-f", name, "-C", name));
    words.addAll(List.of(options));
    var made = Program.run(directory, Map.of(), words);
    assertThat(made.exit()).as(made.err()).isZero();
    return Files.readString(directory.resolve(name + ".pub"));
  }

  /// What it signs with the private key of this name.
  String signed(String name, Bytes message, String... options)
      throws IOException, InterruptedException {
    Files.write(directory.resolve("to-sign"), message.toArray());
    Files.deleteIfExists(directory.resolve("to-sign.sig"));
    var words = new ArrayList<>(List.of("ssh-keygen", "-q", "-Y", "sign", "-f", name));
    words.addAll(List.of(options));
    words.add("to-sign");
    var made = Program.run(directory, Map.of("SSH_AUTH_SOCK", "/nowhere"), words);
    assertThat(made.exit()).as(made.err()).isZero();
    return Files.readString(directory.resolve("to-sign.sig"));
  }
}
