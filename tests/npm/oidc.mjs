// An OpenID provider like VNeID, for the tests: anybody may sign in there under any name.
//
//     node oidc.mjs PORT REDIRECT_URI
import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: "hocvuso", client_secret: "bi-mat-cua-phep-thu", redirect_uris: [redirectUri] }],
  claims: { openid: ["sub"], profile: ["name"] },
  findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, name: `Công dân ${id}` }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
