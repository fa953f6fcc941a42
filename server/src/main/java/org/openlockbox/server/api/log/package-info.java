/// The API of logs, evidence and what becomes of them.
@NullMarked
package org.openlockbox.server.api.log;

import org.jspecify.annotations.NullMarked;
