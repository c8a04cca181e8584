/**
 * The files that `sluice init` writes: a configuration that works as it stands, said line by line, and its variables.
 *
 * Pure text. The API is GitHub's, since it pages, filters by time and nests, as most do.
 */

/**
 * The variable the configuration takes its token from.
 *
 * @since 0.1.0
 * @category defaults
 */
export const variable = "GITHUB_TOKEN"

/**
 * @since 0.1.0
 * @category constructors
 */
export const configuration = (name: string): string => `# ${name}: a REST API, kept in ${name}.db.
#
#   ${variable}=… sluice check ${name}.yaml     one request per resource; writes nothing
#   ${variable}=… sluice sync ${name}.yaml      the job itself; run it as often as you like
#
# It reads the issues of a GitHub repository. Change base_url, auth and resources for the API you have in mind;
# \`sluice schema json-schema\` prints all there is to say, docs/CONFIG.md explains it. The keys are those of dlt's rest_api.

client:
  base_url: https://api.github.com
  # Sent to this host and to no other. \${…} is taken from the environment, never stored and never shown.
  auth:
    type: bearer
    token: \${${variable}}
  headers:
    Accept: application/vnd.github+json

# For every resource below that does not say otherwise.
resource_defaults:
  primary_key: id # the field that tells two rows apart
  write_disposition: merge # a row replaces the one with its key; without this line every row is added

# One table each.
resources:
  - name: issues
    endpoint:
      path: /repos/Effect-TS/effect/issues
      params:
        state: all
        sort: updated
        direction: asc
        per_page: 100
        # Only what changed since the last run; on the first one, since this day.
        since: "{incremental.start_value}"
      paginator: header_link # the next page is in the header Link
      incremental:
        cursor_path: updated_at
        initial_value: "2026-01-01T00:00:00Z"
        row_order: asc

  # A child: one walk for each row of issues.
  - name: comments
    endpoint:
      path: /repos/Effect-TS/effect/issues/{resources.issues.number}/comments
      params:
        per_page: 100
      paginator: header_link
    include_from_parent: [number] # a column _issues_number in each comment
`

/**
 * @since 0.1.0
 * @category constructors
 */
export const environment = (): string => `# Copy to .env, fill in, and keep .env out of version control.
# sluice reads the environment, not this file. To load it:
#
#   set -a; . ./.env; set +a                                       any shell, then sluice as usual
#   node --env-file=.env node_modules/sluice/bin/sluice.js …       Node
#   bun node_modules/sluice/bin/sluice.js …                        Bun loads .env by itself
#   deno run --env-file=.env … node_modules/sluice/bin/sluice.js … Deno

# https://github.com/settings/tokens; reading public repositories needs no scope.
${variable}=
`
