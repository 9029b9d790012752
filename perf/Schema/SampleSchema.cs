using System.Text;

namespace AuthzGraph.Perf.Schema;

/// <summary>
/// A schema as a large company might write it, of any length: departments, each with an agent, tasks, hops, a team, folders and
/// documents, with comments, caveats, arrows, expirations and <c>delegable</c> clauses. It has no errors and no warnings.
/// </summary>
public static class SampleSchema
{
    /// <summary>As many departments as fit, and a comment that fills the rest.</summary>
    /// <param name="bytes">At least 12,000, for two departments. All characters are ASCII.</param>
    public static string Of(int bytes)
    {
        StringBuilder text = new(Beginning);
        for (int i = 0; ; i++)
        {
            string department = Department($"d{i:D5}", $"d{Math.Abs(i - 1):D5}");
            if (text.Length + department.Length > bytes - 4) break;
            text.Append(department);
        }
        return text.Append("\n// ").Append('.', bytes - text.Length).ToString();
    }

    private const string Beginning = """
        use expiration
        use delegation

        /** Everybody who works here. */
        definition user {
            principal human
            relation suspended_by: user
        }

        // Where and when somebody is at work.
        caveat at_work(address ipaddress, networks list<string>, hour int) {
            networks.exists(network, address.in_cidr(network)) && hour >= 7 && hour < 20
        }

        """;

    private static string Department(string name, string other) => $$"""

        // The department {{name}}: its agent may do for somebody what that somebody may do, as far as it was lent.
        caveat {{name}}/within_budget(amount int, budget int, currency string) {
            amount <= budget && currency in ["CHF", "EUR", "USD"] // anything else is converted first
        }

        definition {{name}}/team {
            relation manager: user
            relation member: user | {{name}}/team#member | {{other}}/team#direct
            permission direct = member + manager
        }

        definition {{name}}/agent {
            principal agent
            relation sponsor: user | {{name}}/team#member   // the humans answerable for it
            relation suspended_by: user
        }

        definition {{name}}/task {
            task
            relation opened_by: user with expiration | {{name}}/agent with expiration
            relation closed_by: user | {{name}}/agent
            relation parent: {{name}}/task
        }

        definition {{name}}/grant {
            delegation
            relation delegator: user | {{name}}/agent
            relation delegate: {{name}}/agent with expiration | {{name}}/agent with at_work and expiration
            relation parent: {{name}}/grant
            relation task: {{name}}/task
            relation onward: {{name}}/agent | {{name}}/agent:*
            relation approver: user
            relation revoked_by: user | {{name}}/agent
            relation view: {{name}}/folder | {{name}}/document
            relation edit: {{name}}/document with {{name}}/within_budget
            relation purge: {{name}}/document
        }

        /** Folders lie in folders, some of another department. */
        definition {{name}}/folder {
            domain data
            within parent
            relation parent: {{name}}/folder | {{other}}/folder
            relation viewer: user | user with at_work | {{name}}/team#member
            relation owner: user

            permission own = owner + parent->own
            permission view = viewer + own + parent->view
            delegable view
        }

        /**
         * Documents are seen by who sees their folder, unless banned,
         * and changed by their editors and owners only.
         */
        definition {{name}}/document {
            domain data
            within folder
            relation folder: {{name}}/folder
            relation owner: user
            relation editor: user with expiration | {{name}}/team#direct
            relation reviewer: user with at_work | {{name}}/team#member
            relation banned: user | user with expiration

            permission view = (editor + owner + reviewer + folder->view) - banned
            permission edit = (editor + owner) - banned
            permission approve = (reviewer & folder->own) + owner
            permission purge = owner & folder.all(own)
            permission share = owner + folder->own      // left out below on purpose
            delegable view
            delegable edit max hops 2 max ttl 1h
            delegable purge max hops 1 max ttl 10m approval approve
        }

        """;
}
