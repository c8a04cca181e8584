# Stands in for nixpkgs where there is no network: enough to evaluate ../../flake.nix, nothing that builds.
# A package that is not listed here fails the check, so a misspelt name is caught; whether nixpkgs has it is not.
{
  description = "a stand-in for nixpkgs";

  outputs = { self }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      genAttrs = names: value: builtins.listToAttrs (map (name: { inherit name; value = value name; }) names);
      package = system: name: inputs:
        derivation { inherit system name inputs; builder = "/bin/sh"; args = [ "-c" "echo ${name} > $out" ]; };
    in
    {
      lib = { inherit genAttrs; };
      legacyPackages = genAttrs systems (system:
        genAttrs [ "nodejs_24" "bun" "deno" "sqlite" "python3" ] (name: package system name [ ])
        // { mkShell = { packages }: package system "shell" packages; });
    };
}
