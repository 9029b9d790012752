// Starts `authzgraph schema lsp` for the schemas that are open.
const { workspace } = require("vscode");

let client;

function activate() {
  let LanguageClient;
  try {
    ({ LanguageClient } = require("vscode-languageclient/node"));
  } catch {
    return; // without `npm install` there are only colours
  }
  const command = workspace.getConfiguration("authzgraph").get("command");
  client = new LanguageClient(
    "authzgraph",
    "AuthzGraph",
    { command, args: ["schema", "lsp"] },
    { documentSelector: [{ language: "authzgraph" }] },
  );
  return client.start();
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
