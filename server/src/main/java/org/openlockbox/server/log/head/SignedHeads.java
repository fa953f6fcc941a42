package org.openlockbox.server.log.head;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;

/// The size and root that was signed last of each log, kept where a restore of the database does
/// not reach. Never goes back.
public interface SignedHeads {
  /// What was signed of a log.
  record TreeHead(long size, Hash root) {
    public static TreeHead of(CompactRange range) {
      return new TreeHead(range.size(), range.root());
    }
  }

  /// What is signed now could not be remembered. Nothing that was remembered is lost.
  final class HeadsNotWritable extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    HeadsNotWritable(Path path, IOException cause) {
      super("%s cannot be written: %s".formatted(path, reason(cause)), cause);
    }

    private static String reason(IOException cause) {
      return switch (cause) {
        case AccessDeniedException _ -> "permission denied";
        case FileSystemException known when known.getReason() != null -> known.getReason();
        case IOException other -> String.valueOf(other.getMessage());
      };
    }
  }

  Optional<TreeHead> last(String origin);

  /// The logs of which something is known.
  Set<String> origins();

  /// Remembers that these heads are signed, except where a larger one is known already; durable on
  /// return. Throws [IllegalStateException], and changes nothing, if another root of the same size
  /// was signed before, and [HeadsNotWritable] if it cannot be kept.
  void advance(Map<String, TreeHead> signed);

  /// Makes sure that there is room to remember a few dozen heads more. Called before something is
  /// signed that commits with its signature, and so is remembered after its commit.
  ///
  /// @throws Unwritable if there is none
  void makeRoom();

  /// Forgets what was signed of a log beyond this head. Only a recorded recovery may do that.
  void recover(String origin, TreeHead from, TreeHead to);
}
