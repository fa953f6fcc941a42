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

    private final String nextStep;

    HeadsNotWritable(Path path, IOException cause) {
      super("%s cannot be written: %s".formatted(path, reason(cause)), cause);
      nextStep = "Free space there, or let the server write there";
    }

    /// A memory that is reached over the network did not answer, or refused.
    public HeadsNotWritable(String place, Throwable cause) {
      super(
          "%s does not remember it: %s".formatted(place, cause.getMessage()),
          new IOException(cause));
      nextStep = "Look after it; signing goes on by itself";
    }

    /// What the operator does about it.
    public String nextStep() {
      return nextStep;
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
  /// @throws HeadsNotWritable if there is none
  void makeRoom();

  /// Whether others sign into the same memory, so that it has to be waited for.
  default boolean isShared() {
    return false;
  }

  /// Whether what is signed now will be remembered, as far as is known without waiting for another
  /// machine.
  default boolean isReady() {
    try {
      makeRoom();
      return true;
    } catch (HeadsNotWritable e) {
      return false;
    }
  }

  /// Before something is signed that commits with its signature: learns what other servers have
  /// signed of these logs, and that the memory answers. Does nothing where no other server is.
  ///
  /// @throws HeadsNotWritable if it does not answer
  default void ask(Set<String> origins) {
    // nobody else signs into it
  }

  /// Takes what is remembered of a log as it is now, also where another server has recovered it.
  ///
  /// @throws HeadsNotWritable if the memory does not answer
  default void refresh(String origin) {
    // nobody else signs into it
  }

  /// Forgets what was signed of a log beyond this head. Only a recorded recovery may do that. Where
  /// one memory is shared and another server has done it, what that server did holds.
  void recover(String origin, TreeHead from, TreeHead to);
}
