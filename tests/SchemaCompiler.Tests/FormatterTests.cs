namespace AuthzGraph.SchemaCompiler.Tests;

public class FormatterTests
{
    [Fact]
    public void A_schema_takes_its_canonical_form() => Becomes(
        """


        use   expiration; use delegation
        definition  user{principal human;}   definition acme / team
        """.TrimEnd() + " {\n relation member:user|acme/team # member|user : *|user#...;\n\n\n\tpermission  view=( member+nil )->x\n}",
        """
        use expiration
        use delegation

        definition user {
            principal human
        }

        definition acme/team {
            relation member: user | acme/team#member | user:* | user

            permission view = (member + nil)->x
        }

        """);

    [Fact]
    public void An_empty_definition_stays_on_its_line_and_an_empty_text_empty()
    {
        Becomes("definition user {\n\n}", "definition user {}\n");
        Becomes(" \n\n ", "");
    }

    [Fact]
    public void Comments_stay_where_they_say_something() => Becomes(
        """
        // about the file


        // about flags
        use expiration // trailing

        /**
           * doc
           */
          definition user { // on the brace
        // about aaa
              relation aaa: user // on aaa

              // before bbb

              relation bbb: user | /* inside */ user#aaa // on bbb
              // at the end
          } /* on the closing brace */
        // last
        """,
        """
        // about the file

        // about flags
        use expiration // trailing

        /**
         * doc
         */
        definition user { // on the brace
            // about aaa
            relation aaa: user // on aaa

            // before bbb

            relation bbb: user | /* inside */ user#aaa // on bbb
            // at the end
        } /* on the closing brace */
        // last

        """);

    [Fact]
    public void Comments_in_odd_places_are_kept() => Becomes(
        "definition /*1*/ user /*2*/ { /*3*/\n relation aaa /*4*/ : // 5\n  user /*6*/ ; // 7\n ; // 8\n relation bbb: user#/*9*/... | user#... /*10*/\n}",
        """
        definition /*1*/ user /*2*/ { /*3*/
            relation aaa /*4*/: // 5
                user /*6*/ // 7
            // 8
            relation bbb: user# /*9*/ ... | user /*10*/
        }

        """);

    [Fact]
    public void Long_members_are_wrapped_after_an_operator() => Becomes(
        $"definition user {{ permission view = {string.Join(" + ", Enumerable.Range(1, 15).Select(i => $"permission_{i:D2}"))} }}",
        """
        definition user {
            permission view = permission_01 + permission_02 + permission_03 + permission_04 + permission_05 + permission_06 +
                permission_07 + permission_08 + permission_09 + permission_10 + permission_11 + permission_12 + permission_13 +
                permission_14 + permission_15
        }

        """);

    [Fact]
    public void Clauses_of_delegation_are_spaced() => Becomes(
        "use delegation\ndefinition file{\n within  parent,other;delegable view,edit  max  hops 2 max ttl 1h   approval owner\ndelegable  *\nautonomous view,edit }",
        """
        use delegation

        definition file {
            within parent, other
            delegable view, edit max hops 2 max ttl 1h approval owner
            delegable *
            autonomous view, edit
        }

        """);

    [Fact]
    public void The_design_s_example_keeps_its_meaning_and_its_comments() =>
        Formatted.KeepsMeaning(Samples.Delegation, Assert.IsType<CompiledSchema>(Compilation.Of(Samples.Delegation).Schema), "design");

    [Fact]
    public void Text_that_cannot_be_read_has_diagnostics_instead_of_a_form()
    {
        FormattedSchema formatted = SchemaFormatter.Format("definition user {");
        Assert.Null(formatted.Text);
        Assert.Equal("AZ0104", Assert.Single(formatted.Diagnostics).Code);
    }

    [Fact]
    public void Text_that_can_be_read_but_does_not_compile_is_formatted() =>
        Becomes("definition user { relation aaa: missing }", "definition user {\n    relation aaa: missing\n}\n");

    private static void Becomes(string text, string canonical)
    {
        Assert.Equal(canonical, Formatted.Of(text));
        Assert.Equal(canonical, Formatted.Of(canonical));
    }
}
