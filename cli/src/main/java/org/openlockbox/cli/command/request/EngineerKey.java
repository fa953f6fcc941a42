package org.openlockbox.cli.command.request;

import java.nio.file.Files;
import java.nio.file.Path;
import org.openlockbox.cli.command.CommonOptions;
import org.openlockbox.cli.profile.ServerProfile;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;

/// The key that proves to a gateway that it is the engineer of the request who connects. Made on
/// first use; a request names its public half.
public final class EngineerKey {
  private final PrivateSigner key;

  private EngineerKey(PrivateSigner key) {
    this.key = key;
  }

  /// The profile's key, made now if there is none. A crash while making it leaves no request.
  public static EngineerKey of(CommonOptions call) {
    Path file = file(call);
    if (Files.exists(file)) {
      return new EngineerKey(call.surroundings().keys().load(file));
    }
    SoftwareKey made = SoftwareKey.generate(Scheme.ED25519, call.surroundings().random());
    KeyFiles.store(file, made);
    call.terminal().mention("made a key for you: " + file);
    return new EngineerKey(made);
  }

  private static Path file(CommonOptions call) {
    ServerProfile profile = call.profile();
    String name = profile.name().isEmpty() ? "engineer" : profile.name();
    return profile
        .keyFile()
        .map(Path::of)
        .orElseGet(() -> call.surroundings().config().ownKey(name + ".key"));
  }

  public PrivateSigner signer() {
    return key;
  }

  Json.Object publicJson() {
    return key.key().toJson();
  }
}
