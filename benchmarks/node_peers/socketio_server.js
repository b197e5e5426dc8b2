// The same prices by socket.io: a room for each symbol, over websockets alone.

import { createServer } from "node:http";
import { Server } from "socket.io";
import { obey, quote } from "./driving.js";

const symbolCount = Number(process.argv[2]);
const http = createServer();
const io = new Server(http, { transports: ["websocket"], pingInterval: 600_000, pingTimeout: 600_000 });

io.on("connection", (socket) => {
  socket.on("watch", (symbols) => {
    for (const symbol of symbols) {
      socket.join(symbol);
      socket.emit("price", quote(symbol, 0));
    }
  });
});

http.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, () =>
  obey(http.address().port, symbolCount, (symbol, news) => io.to(symbol).emit("price", news)),
);
