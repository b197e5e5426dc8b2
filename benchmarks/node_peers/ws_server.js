// The same prices by node's `ws`: each tick is encoded once and sent to everyone who watches it.

import { WebSocketServer } from "ws";
import { obey, quote } from "./driving.js";

const symbolCount = Number(process.argv[2]);
const watchers = new Map();
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: 2048, perMessageDeflate: false });

server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const { symbol } = JSON.parse(data);
    if (!watchers.has(symbol)) watchers.set(symbol, new Set());
    watchers.get(symbol).add(socket);
    socket.send(JSON.stringify(quote(symbol, 0)));
  });
  socket.on("close", () => {
    for (const each of watchers.values()) each.delete(socket);
  });
});

server.on("listening", () =>
  obey(server.address().port, symbolCount, (symbol, news) => {
    const payload = Buffer.from(JSON.stringify(news));
    for (const socket of watchers.get(symbol) ?? []) socket.send(payload, { binary: false });
  }),
);
