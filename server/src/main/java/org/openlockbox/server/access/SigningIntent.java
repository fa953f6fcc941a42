package org.openlockbox.server.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.server.tenant.ProposalId;

/// What somebody comes to the page where passkeys sign for.
public sealed interface SigningIntent {
  /// The word that is stored.
  String word();

  /// What it is about, as text.
  String about();

  /// The id of what it is about; empty if that has none.
  String id();

  /// To decide about a request, as it was shown with this entity tag.
  record Decide(RequestId request, String etag) implements SigningIntent {
    /// The version that was shown.
    public long version() {
      return Long.parseLong(etag.substring(etag.lastIndexOf('.') + 1, etag.length() - 1));
    }

    @Override
    public String word() {
      return "decide";
    }

    @Override
    public String about() {
      return request + " " + etag;
    }

    @Override
    public String id() {
      return request.value();
    }
  }

  /// To sign a proposal.
  record Sign(ProposalId proposal) implements SigningIntent {
    @Override
    public String word() {
      return "sign";
    }

    @Override
    public String about() {
      return proposal.value();
    }

    @Override
    public String id() {
      return proposal.value();
    }
  }

  /// To make a passkey.
  record Enrol() implements SigningIntent {
    @Override
    public String word() {
      return "enrol";
    }

    @Override
    public String about() {
      return "";
    }

    @Override
    public String id() {
      return "";
    }
  }

  /// To try a decision that opens nothing.
  record Practise() implements SigningIntent {
    @Override
    public String word() {
      return "practise";
    }

    @Override
    public String about() {
      return "";
    }

    @Override
    public String id() {
      return "";
    }
  }

  /// To sign for a ticket of the tenant's own.
  record OwnTicket() implements SigningIntent {
    @Override
    public String word() {
      return "ticket";
    }

    @Override
    public String about() {
      return "";
    }

    @Override
    public String id() {
      return "ticket";
    }
  }

  /// Reads the columns intent and about.
  static SigningIntent read(ResultSet row) throws SQLException {
    var about = row.getString("about");
    var word = row.getString("intent");
    return switch (word) {
      case "decide" -> {
        var parts = about.split(" ", 2);
        yield new Decide(new RequestId(parts[0]), parts[1]);
      }
      case "sign" -> new Sign(new ProposalId(about));
      case "enrol" -> new Enrol();
      case "practise" -> new Practise();
      case "ticket" -> new OwnTicket();
      default -> throw new IllegalStateException("not an intent: " + word);
    };
  }
}
