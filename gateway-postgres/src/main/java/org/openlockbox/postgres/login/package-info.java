/// Start-up, TLS and SCRAM, with the client and with the database. Both peers are hostile.
@NullMarked
package org.openlockbox.postgres.login;

import org.jspecify.annotations.NullMarked;
