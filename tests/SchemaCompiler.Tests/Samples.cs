namespace AuthzGraph.SchemaCompiler.Tests;

internal static class Samples
{
    /// <summary>The example that the design page and the language page explain.</summary>
    public const string Delegation = """
        use expiration
        use delegation

        definition user {
            principal human
            relation suspended_by: user
        }

        definition team {
            relation member: user | team#member
        }

        definition agent {
            principal agent                          // acts only by delegation, or as `autonomous` says
            relation sponsor: user | team#member     // the humans answerable for it: one active, always
            relation suspended_by: user              // any edge stops it: one write is the kill switch
        }

        definition task {
            task
            relation opened_by: user with expiration | agent with expiration   // the edge's window is the task's
            relation closed_by: user | agent         // any edge ends the task and all authority under it
            relation parent: task
        }

        definition grant {
            delegation                               // each object of this type is one hop
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant                   // the hop the delegator got its authority from
            relation task: task
            relation onward: agent | agent:*         // who may be given it further; nobody, if no edge
            relation approver: user
            relation revoked_by: user | agent
            relation view: folder | document | document:*   // every other relation is what the hop lends:
            relation edit: document                          // grant:g1#view@folder:q3 lends view on folder:q3
            relation delete: document
        }

        definition folder {
            domain data
            within parent                            // what is lent on a folder covers what is within it
            relation parent: folder
            relation viewer: user | team#member
            permission view = viewer + parent->view
            delegable view
        }

        definition document {
            domain data
            within folder
            relation folder: folder
            relation owner: user
            relation editor: user | team#member
            relation banned: user
            permission view = (editor + owner + folder->view) - banned
            permission edit = (editor + owner) - banned
            permission delete = owner
            permission share = owner                 // not delegable: left out on purpose
            delegable view
            delegable edit max hops 2 max ttl 1h
            delegable delete max hops 1 max ttl 10m approval owner
        }

        """;
}
