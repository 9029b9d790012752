namespace AuthzGraph.SchemaCompiler.Tests;

public class DelegationTests
{
    [Fact]
    public void The_design_s_example_compiles_without_a_word()
    {
        Compilation compilation = Compilation.Of(Samples.Delegation);

        Assert.Empty(compilation.Diagnostics);
        Assert.NotNull(compilation.Schema);
        Assert.Equal("""
            use delegation
            0 user principal Human suspended_by suspended_by
              suspended_by: user
            1 team
              member: user | team#member
            2 agent principal Agent sponsor=sponsor suspended_by suspended_by
              sponsor: user | team#member
              suspended_by: user
            3 task task opened_by opened_by closed_by=closed_by parent=parent
              opened_by: user expires | agent expires
              closed_by: user | agent
              parent: task
            4 grant delegation delegator delegate parent=parent task=task onward=onward approver=approver revoked_by=revoked_by lends delete=delete,edit=edit,view=view
              delegator: user | agent
              delegate: agent expires
              parent: grant
              task: task
              onward: agent | agent:*
              approver: user
              revoked_by: user | agent
              view: folder | document | document:*
              edit: document
              delete: document
            5 folder domain Data within parent
              parent: folder
              viewer: user | team#member
              view = (viewer + parent.Any(view)[folder>folder.view]) delegable
            6 document domain Data within folder
              folder: folder
              owner: user
              editor: user | team#member
              banned: user
              view = ((editor + owner + folder.Any(view)[folder>folder.view]) - banned) delegable
              edit = ((editor + owner) - banned) delegable hops 2 ttl 3600s
              delete = owner delegable hops 1 ttl 600s approval owner
              share = owner

            """, SchemaText.Of(compilation.Schema));
    }
}
