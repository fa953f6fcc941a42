package org.openlockbox.cli.command.evidence;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.NoteVerifier;

/// Files of witness keys as an option names them.
public final class WitnessKeys {
  private WitnessKeys() {}

  /// So many of these witnesses; all of them if no number is given.
  public static WitnessPolicy policy(List<Path> files, @Nullable Integer quorum) {
    try {
      List<NoteVerifier> keys =
          files.stream()
              .flatMap(file -> PrivateFile.readPublic(file, "file of witness keys").lines())
              .filter(line -> !line.isBlank())
              .map(NoteVerifier::parse)
              .sorted(Comparator.comparing(NoteVerifier::vkey))
              .toList();
      if (keys.isEmpty()) {
        throw Failure.usage("there is no witness key in " + files, "");
      }
      int all = (int) keys.stream().map(NoteVerifier::name).distinct().count();
      return new WitnessPolicy(quorum == null ? all : quorum, keys);
    } catch (MalformedNote malformed) {
      throw Failure.usage("not a list of vkeys: " + malformed.getMessage(), "");
    }
  }
}
