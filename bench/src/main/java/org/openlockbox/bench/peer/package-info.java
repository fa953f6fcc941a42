/// The programs that are measured: the gateway, its peers, and the servers behind them.
@NullMarked
package org.openlockbox.bench.peer;

import org.jspecify.annotations.NullMarked;
