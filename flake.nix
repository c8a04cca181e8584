# The development shell: the three runtimes sluice is tested on, SQLite's own shell, and what better-sqlite3 compiles with.
#   nix develop        then npm start, npm test, npm run test:runtimes
{
  description = "sluice: describe a REST API once, keep an SQLite file in step with it";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forEachSystem = shell: nixpkgs.lib.genAttrs systems (system: shell nixpkgs.legacyPackages.${system});
    in
    {
      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [ pkgs.nodejs_24 pkgs.bun pkgs.deno pkgs.sqlite pkgs.python3 ];
        };
      });
    };
}
