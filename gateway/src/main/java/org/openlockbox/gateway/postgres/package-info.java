/// The PostgreSQL wire protocol 3.0: start-up, TLS, SCRAM, messages. Both peers are hostile.
@NullMarked
package org.openlockbox.gateway.postgres;

import org.jspecify.annotations.NullMarked;
