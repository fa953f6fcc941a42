/// How a customer learns that a gateway refused a history of its log.
@NullMarked
package org.openlockbox.gateway.alarm;

import org.jspecify.annotations.NullMarked;
